"""Reads the ontology and the lexicon of event language."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from detente.packs.entries import (
    ContextEntry,
    FrameSlot,
    Lexicon,
    LightVerb,
    ModeEntry,
    Ontology,
    Predicate,
    Quad,
    ReportingVerb,
    SlotRole,
    StatusCue,
    TypeEntry,
)
from detente.packs.rows import (
    CameoRow,
    ContextRow,
    LightVerbRow,
    PredicateRow,
    ReportingRow,
    Row,
    StatusRow,
    TypeRow,
    check_row,
)
from detente.packs.yamlfile import Record, Section, fail, plain, read_mapping, read_records, read_sections

_R = TypeVar("_R", bound=Row)
_E = TypeVar("_E", LightVerb, ReportingVerb, StatusCue)

_ROLES: dict[str, SlotRole] = {
    "a": "actor", "r": "recipient", "p": "partner", "c": "content",
    "l": "place", "m": "means", "x": "ignored",
}  # fmt: skip
_QUAD_CLASS: dict[str, int] = {
    "verbal cooperation": 1, "material cooperation": 2, "verbal conflict": 3, "material conflict": 4,
}  # fmt: skip
# Frames that most words of a kind share; a row may name one and add slots: "svo to:r".
_FRAMES: dict[str, str] = {
    "svo": "subject:a object:r by:a",  # attack X
    "sv": "subject:a by:a",  # resign
    "svc": "subject:a object:c by:a",  # impose sanctions
    "mutual": "subject:a object:p with:p by:a between:p",  # meet X, meet with X
    "noun": "poss:a by:a compound:a of:r on:r against:r",  # Turkey's shelling of Kobani
    "talk": "poss:p between:p with:p by:p compound:p among:p of:p",  # talks between X and Y
    "speech": "poss:a by:a from:a of:r against:r on:r",  # X's accusation against Y
    "gift": "poss:a by:a from:a to:r for:r",  # X's aid to Y
    "protest": "poss:a by:a of:a against:r compound:a",  # a protest by X against Y
    "leave": "poss:a by:a of:a compound:a from:r",  # the resignation of X, the withdrawal of X
}
_DEFAULT_FRAME = {"verb": "svo", "noun": "noun", "adjective": "sv"}


def load_ontology(folder: Path) -> Ontology:
    """Read types, modes, contexts and CAMEO codes from the folder's files."""
    sections = _sections(folder, "ontology.yml")
    types: dict[str, TypeEntry] = {row.name: _type_entry(row) for row in _rows(sections["types"], TypeRow)}
    contexts = {
        row.name: ContextEntry(name=row.name, definition=row.definition, cues=row.cues)
        for row in _rows(sections["contexts"], ContextRow)
    }
    cameo = {row.code: (row.type, row.mode) for row in _rows(sections["cameo"], CameoRow)}
    return Ontology(types=types, contexts=contexts, cameo=cameo)


def _type_entry(row: TypeRow) -> TypeEntry:
    quad: Quad = row.quad
    return TypeEntry(
        name=row.name, quad=quad, definition=row.definition, intensity=row.intensity, cameo=row.cameo,
        quad_class=_QUAD_CLASS[quad], requires_recipient=row.requires_recipient,
        modes=tuple(ModeEntry(**mode.model_dump()) for mode in row.modes),
    )  # fmt: skip


def _sections(folder: Path, name: str) -> dict[str, Section]:
    return {section.key: section for section in read_sections(folder / name)}


def _rows(section: Section, model: type[_R]) -> Iterable[_R]:
    return [check_row(model, record) for record in read_records(section)]


def parse_frame(text: str | None, pos: str, record: Record) -> tuple[FrameSlot, ...]:
    """Read a frame: the name of a shared one, slots like `to:r`, or both; later slots win.

    Roles: a actor, r recipient, p partner (joins the actors), c content, l place, m means, x ignored.
    """
    words = (text or _DEFAULT_FRAME[pos]).split()
    if words[0] not in _FRAMES:
        words.insert(0, _DEFAULT_FRAME[pos])
    slots: dict[str, SlotRole] = {}
    for word in [*_FRAMES[words[0]].split(), *words[1:]]:
        slot, _, role = word.partition(":")
        if role not in _ROLES:
            remedy = f"name one of {', '.join(_FRAMES)} or write slots such as to:r"
            raise fail(record.file, record.line, f"cannot read '{word}' in frame {text!r}", remedy)
        slots[slot] = _ROLES[role]
    return tuple(FrameSlot(slot=slot, role=role) for slot, role in slots.items() if role != "ignored")


def load_lexicon(folder: Path) -> Lexicon:
    """Read predicates, light verbs, reporting verbs, status cues and object kinds."""
    sections = _sections(folder, "lexicon.yml")
    predicates: dict[tuple[str, str], list[Predicate]] = {}
    for record in read_records(sections["predicates"]):
        for entry in _predicates(record):
            predicates.setdefault((entry.lemma.split(" ")[0], entry.pos), []).append(entry)
    light = [LightVerb(**row.model_dump()) for row in _rows(sections["light_verbs"], LightVerbRow)]
    reporting = [ReportingVerb(**row.model_dump()) for row in _rows(sections["reporting"], ReportingRow)]
    cues = [StatusCue(**row.model_dump()) for row in _rows(sections["status_cues"], StatusRow)]
    kinds = {name: _kind(node) for name, (_, node) in read_mapping(sections["kinds"]).items()}
    return Lexicon(
        predicates={key: tuple(sorted(each, key=_longest_first)) for key, each in predicates.items()},
        light_verbs=_by_first_word(light), reporting=_by_first_word(reporting),
        status_cues=_by_first_word(cues), kinds=kinds,
        generic_cues=_texts(plain(sections["generic_cues"].node)),
    )  # fmt: skip


def _predicates(record: Record) -> Iterable[Predicate]:
    """Give one predicate per lemma: a row may name several with the same reading, parted by ';'."""
    row = check_row(PredicateRow, record)
    frame = parse_frame(row.frame, row.pos, record)
    for lemma in row.lemma.split(";"):
        yield Predicate(
            lemma=lemma.strip(), pos=row.pos, type=row.type, mode=row.mode, frame=frame, needs=row.needs,
            unless=row.unless, weight=row.weight, status=row.status,
        )  # fmt: skip


def _longest_first(entry: Predicate) -> tuple[int, int, float]:
    return (-len(entry.lemma.split(" ")), -len(entry.needs), -entry.weight)


def _kind(node: Any) -> frozenset[str]:
    return frozenset(_texts(plain(node)))


def _texts(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else re.split(r"[;\n]", str(value or ""))
    return tuple(part.strip() for part in parts if part.strip())


def _by_first_word(entries: Iterable[_E]) -> dict[str, tuple[_E, ...]]:
    table: dict[str, list[_E]] = {}
    for entry in entries:
        table.setdefault(entry.lemma.split(" ")[0], []).append(entry)
    return {
        word: tuple(sorted(each, key=lambda entry: -len(entry.lemma.split(" "))))
        for word, each in table.items()
    }
