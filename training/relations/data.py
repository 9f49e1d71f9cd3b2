"""Rows for the relation classifier: a sentence, its marks, and what is known of type, mode and status.

What is unknown costs nothing; a row may know its quad class only (CAMEO sentences), or that its type is one
of two (YIELD of Zero-Shot-PLOVER is CONCEDE or RETREAT).
"""

import csv
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.engines.marks import Mark, Span
from training.events.data import (
    STATUSES,
    SURE,
    TYPES,
    Example,
    Mention,
    Tables,
    is_article,
    load_prepared,
)

NONE = "NONE"
LABELS = (*TYPES, NONE)
YIELD = ("CONCEDE", "RETREAT")
QUAD = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "CONCEDE": 1,
    "COOPERATE": 2, "AID": 2, "RETREAT": 2,
    "REQUEST": 3, "ACCUSE": 3, "REJECT": 3, "THREATEN": 3,
    "PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4,
}  # fmt: skip
INTENT = {2: ("AGREE",), 4: ("THREATEN",)}
_MARK = re.compile(r"<(/?)([ste])>")
_AHEAD = frozenset({"will", "to", "would", "plans", "planned", "shall"})
# How often a round of training sees the rows of each source; those of `gold` as `_drawn_as` tells.
SHARES = {
    "plv": 2.0,
    "own": 1.0,
    "cameo": 0.6,
    "pairs": 0.5,
    "gold": 0.2,
    "gold-rare": 3.0,
    "tale": 0.15,
    "tale-rare": 1.0,
    "story": 0.1,
    "fact": 0.2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence to learn from.

    `types` are the admissible labels (empty: unknown), `styled` those in the sense of Zero-Shot-PLOVER.
    `some` says whether the sentence reports any event. `source` is the set it comes from;
    `group` keeps together what must not be split. `real` is False for an event of an invented story.
    """

    text: str
    marks: tuple[Mark, ...]
    types: tuple[str, ...] = ()
    styled: tuple[str, ...] = ()
    status: str | None = None
    mode: str | None = None
    some: bool | None = None
    source: str
    group: str
    weight: float = 1.0
    real: bool = True


def unmark(text: str) -> tuple[str, tuple[Mark, ...]]:
    """Take the marks out of a sentence; a range that is never closed, or closed before it opens, is left
    out."""
    plain, open_at, marks, at = "", dict[str, int](), list[Mark](), 0
    for found in _MARK.finditer(text):
        plain += text[at : found.start()]
        at = found.end()
        kind = found.group(2)
        if not found.group(1):
            open_at[kind] = len(plain)
        elif kind in open_at:
            marks.append(Mark(kind, (open_at.pop(kind), len(plain))))
    return plain + text[at:], tuple(marks)


def group_of(text: str) -> str:
    """The same for texts that differ in signs and case only."""
    return re.sub(r"[\W_]+", "", text.lower())


def fold_of(row: Row, folds: int) -> int:
    return zlib.crc32(row.group.encode()) % folds


def load_plv(path: Path) -> list[Row]:
    """Zero-Shot-PLOVER's pairs; YIELD is either of two types."""
    rows = []
    with path.open(encoding="utf-8") as file:
        for r in csv.DictReader(file, delimiter="\t"):
            text, marks = unmark(r["marked_sentence"])
            styled = YIELD if r["gold_root"] == "YIELD" else (r["gold_root"],)
            rows.append(Row(text=text, marks=marks, styled=styled, source="plv", group=group_of(text)))
    return rows


def styled_of(type_: str, mode: str, status: str) -> tuple[str, ...]:
    """What Zero-Shot-PLOVER calls an act of our guidelines; nothing where that is unsure.

    As CAMEO does, it reads what is planned as the intent (AGREE, THREATEN), and a verdict as ACCUSE.
    """
    if type_ == NONE or status not in {"happened", "attempted", "planned"}:
        return ()
    if status == "planned":
        return INTENT.get(QUAD[type_] if type_ != "CONSULT" else 2, ())
    if mode == "convict":
        return ("ACCUSE",)
    return YIELD if type_ in YIELD else (type_,)


def load_sentences(folder: Path) -> list[Row]:
    """Our own sentences."""
    rows = []
    for path in sorted(folder.glob("[ab]-*.tsv")):
        with path.open(encoding="utf-8") as file:
            for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                text, marks = unmark(r["marked_sentence"])
                rows.append(
                    Row(
                        text=text,
                        marks=marks,
                        types=(r["type"],),
                        styled=styled_of(r["type"], r["mode"], r["status"]),
                        mode=r["mode"] or None,
                        status=r["status"] or None,
                        source="own",
                        group=group_of(text),
                    )
                )
    return rows


def load_cameo(path: Path, pairs: Path) -> list[Row]:
    """The CAMEO sentences: whether they hold an event, the types of their quad class, and, where sources and
    targets are marked in the file of `pairs`, a row with marks too."""
    spans = {group_of(text): (text, s, t) for text, s, t in load_cameo_pairs(pairs)}
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, _, label = line.rpartition("\t")
        if not text:
            continue
        group = group_of(text)
        types = tuple(t for t in TYPES if str(QUAD[t]) == label)
        rows.append(
            Row(text=text, marks=(), some=label != "0", types=types, source="cameo", group=group, weight=0.5)
        )
        if types and group in spans:
            plain, sources, targets = spans[group]
            marks = (Mark("s", _joined(sources)), Mark("t", _joined(targets)))
            rows.append(Row(text=plain, marks=marks, types=types, source="pairs", group=group, weight=0.5))
    return rows


def load_cameo_pairs(path: Path) -> Iterator[tuple[str, list[Span], list[Span]]]:
    """Sentences with the spans of the words of sources and targets, whatever the event."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        text, sources, targets = "", list[Span](), list[Span]()
        for line in block.splitlines():
            word, _, tag = line.rpartition(" ")
            span = (len(text), len(text) + len(word))
            text += word + " " if word else ""
            if word and tag[2:] in ("S", "R"):
                sources.append(span)
            if word and tag[2:] in ("T", "R"):
                targets.append(span)
        if sources and targets:
            yield text.rstrip(), sources, targets


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The first run of neighbouring words."""
    start, end = spans[0]
    for a, b in spans[1:]:
        if a > end + 1:
            break
        end = b
    return start, end


def load_stories(path: Path, modes: Iterable[str], limit: int = 1800) -> list[Row]:
    """The beginnings of synthetic stories with the story's label and mode; facts in them are invented."""
    csv.field_size_limit(10**7)
    known, rows = set(modes), []
    with path.open(encoding="utf-8") as file:
        for r in csv.DictReader(file):
            text = " ".join(r["text"].split())[:220]
            mode = (r["mode"] or "").lower()
            if r["label"] in TYPES:
                rows.append(
                    Row(
                        text=text,
                        marks=(),
                        types=(r["label"],),
                        mode=mode if mode in known else None,
                        source="story",
                        group="story",
                        weight=0.4,
                    )
                )
    return rows[:: max(1, len(rows) // limit)]


def load_gold(prepared: Path) -> list[Row]:
    """The events of annotated documents (training.events.prepare): the sentence of each telling, the told
    clause marked, and its parties where they stand there."""
    if not prepared.exists():
        raise SystemExit(f"{prepared}: not there; run `python -m training.events.prepare` first")
    examples = [example for example in load_prepared(prepared) if example.complete]
    return [_told(example, mention) for example in examples for mention in example.events]


def _told(example: Example, mention: Mention) -> Row:
    """One telling of an event as a row."""
    first, last = max(example.sentences, key=lambda s: min(s[1], mention.last) - max(s[0], mention.first))

    def span(words: Span) -> Span:
        at, end = max(words[0], first), min(words[1], last) - 1
        return example.starts[at] - start, example.starts[end] + len(example.words[end]) - start

    start = example.starts[first]
    marks = [Mark("e", span((mention.first, mention.last)))]
    pair = [Mark(kind, span(words)) for kind, role in (("s", 0), ("t", 1))
            if (words := _party(example, mention.roles[role], (first, last)))]  # fmt: skip
    if len(pair) == 2 and pair[0].span != pair[1].span:
        marks += pair
    return Row(
        text=example.text[start : start + span((first, last))[1]],
        marks=tuple(marks),
        types=(mention.type,),
        styled=styled_of(mention.type, "", mention.status or ""),
        status=mention.status,
        source="gold",
        group=example.group,
        weight=0.6,
        real=is_article(example),
    )


def _party(example: Example, golds: Tables | None, sentence: Span) -> Span | None:
    """The words of the surest mention of any gold filler of a role in a sentence."""
    found = [(level, example.candidates["party"][k]) for table in golds or () for k, level in table.items()]
    here = [(level, c) for level, c in found if level >= SURE and sentence[0] <= c[0] < c[1] <= sentence[1]]
    return max(here, key=lambda f: f[0])[1][:2] if here else None


def load_factuality(folder: Path, split: str, seed: int = 0) -> list[Row]:
    """Predicates of FactBank and UW with the status that their factuality allows; no more happened than
    others."""
    found = [row for name in ("factbank_v1", "uw") for row in _predicates(folder / name / f"{split}.conll")]
    happened = [row for row in found if row.status == "happened"]
    others = [row for row in found if row.status != "happened"]
    random.Random(seed).shuffle(happened)
    return happened[: len(others)] + others


def _predicates(path: Path) -> Iterator[Row]:
    words: list[str] = []
    scores: list[tuple[int, float]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        cells = line.split("\t")
        if len(cells) > 3:
            if cells[2] != "_":
                scores.append((len(words), float(cells[2])))
            words.append(cells[1])
            continue
        text = " ".join(words)
        for at, score in scores:
            status = status_of(score, words[max(0, at - 3) : at])
            start = len(" ".join(words[:at])) + bool(at)
            if status:
                mark = Mark("e", (start, start + len(words[at])))
                yield Row(
                    text=text, marks=(mark,), status=status, source="fact", group=group_of(text), weight=0.5
                )
        words, scores = [], []


def status_of(score: float, before: Sequence[str]) -> str | None:
    """The status that a factuality of -3 … +3 tells; none where the words before say that it lies ahead."""
    ahead = any(word.lower() in _AHEAD for word in before)
    if score >= 2.5:
        return None if ahead else "happened"
    if score <= -1.5:
        return "denied"
    return "possible" if abs(score) <= 1.0 and not ahead else None


def load_rows(shared: Path, own: Path, prepared: Path) -> list[Row]:
    """All rows to learn from, of all sources."""
    relations = shared / "data/relations"
    if not relations.is_dir():
        raise SystemExit(f"{relations}: not there; give the folder of the training data with --shared")
    sentences = load_sentences(own)
    modes = {row.mode for row in sentences if row.mode}
    return [
        *load_plv(relations / "PLV_train.clean.tsv"),
        *sentences,
        *load_cameo(relations / "cameo_class_train.clean.tsv", relations / "cameo_ner_train.clean.txt"),
        *load_stories(relations / "synthetic_stories.csv", modes),
        *load_gold(prepared),
        *load_factuality(shared / "data/factuality", "train"),
    ]


def hold_out(rows: Sequence[Row], folds: int, fold: int) -> tuple[list[Row], list[Row]]:
    """Rows held out and the rest; what has the same group is never on both sides. Stories are always in
    the rest."""
    held = [row for row in rows if row.source != "story" and fold_of(row, folds) == fold]
    return held, [row for row in rows if row.source == "story" or fold_of(row, folds) != fold]


def modes_of(rows: Iterable[Row]) -> dict[str, list[str]]:
    """For each type the modes that our own sentences give it."""
    found: dict[str, set[str]] = {label: set() for label in LABELS}
    for row in rows:
        if row.source == "own" and row.mode:
            found[row.types[0]].add(row.mode)
    return {label: sorted(modes) for label, modes in found.items()}


def _drawn_as(row: Row) -> str:
    """Its source; events of articles that did not simply happen are few and drawn more often."""
    if row.source != "gold":
        return row.source
    return ("gold" if row.real else "tale") + ("-rare" if row.status != "happened" else "")


def draw(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """One round of training: of each source its share, whole copies first."""
    made: list[Row] = []
    for source, share in SHARES.items():
        own = [row for row in rows if _drawn_as(row) == source]
        made += own * int(share) + rng.sample(own, round(len(own) * (share % 1)))
    return made


__all__ = [
    "LABELS",
    "NONE",
    "QUAD",
    "STATUSES",
    "YIELD",
    "Row",
    "draw",
    "hold_out",
    "load_factuality",
    "load_rows",
    "modes_of",
    "unmark",
]
