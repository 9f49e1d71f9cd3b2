"""ECB+ mentions as the sketches' records: gold triggers and people, our types, words and names."""

import csv
import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from detente.fuse.sketch import stem
from detente.packs import Pack
from detente.records import (
    Actor,
    ActorId,
    Document,
    DocumentId,
    Event,
    EventId,
    Evidence,
    PageId,
    Piece,
    Span,
    make_id,
)

DEV_TOPICS = ("2", "5", "12", "18", "21", "23", "34", "35")
_PEOPLE = (
    "HUMAN_PART_PER",
    "HUMAN_PART_ORG",
    "HUMAN_PART_GPE",
    "HUMAN_PART_VEH",
    "HUMAN_PART_FAC",
    "HUMAN_PART_MET",
)
_KNOWN = datetime(2013, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An event mention: its records, its gold chain, the lemma-like stem of its trigger."""

    document: Document
    event: Event
    chain: str
    lemma: str
    topic: str


def conflict_types(pack: Pack) -> dict[str, str]:
    """Give the stems of single words that report conflict, with the type they report."""
    found: dict[str, str] = {}
    for (word, pos), predicates in sorted(pack.lexicon.predicates.items()):
        for each in predicates:
            quad = pack.ontology.types[each.type].quad
            if pos in ("verb", "noun") and each.lemma == word and quad.endswith("conflict"):
                found.setdefault(stem(word), each.type)
    return found


def load_mentions(folder: Path, topics: set[str], pack: Pack) -> Iterator[Mention]:
    """Give the mentions of conflict in the checked sentences of these topics."""
    types, checked = conflict_types(pack), _checked(folder)
    for topic in sorted(topics, key=int):
        for path in sorted((folder / topic).glob("*.xml")):
            yield from _mentions(path, topic, checked[path.name], types)


def _checked(folder: Path) -> dict[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    with (folder / "ECBplus_coreference_sentences.csv").open(encoding="utf-8") as file:
        for topic, name, sentence in list(csv.reader(file))[1:]:
            found[f"{topic}_{name}.xml"].add(int(sentence))
    return found


def _mentions(path: Path, topic: str, checked: set[int], types: dict[str, str]) -> Iterator[Mention]:
    root = ET.parse(path).getroot()
    tokens = {t.get("t_id"): t for t in root.iter("token")}
    text, spans = _text(root)
    document = _document(path.stem, text)
    marked = [(m, [a.get("t_id") for a in m.iter("token_anchor")]) for m in root.find("Markables") or ()]
    chains = _chains(root)
    people = [(m.tag, ids) for m, ids in marked if m.tag in _PEOPLE and ids]
    for m, ids in marked:
        if not ids or not m.tag.startswith(("ACTION", "NEG_ACTION")):
            continue
        sentence = int(tokens[ids[0]].get("sentence", -1))
        start, end = spans[ids[0]][0], spans[ids[-1]][1]
        lemma = stem(re.sub(r"\W", "", text[start:end].split()[0]) or "x")
        if sentence not in checked or lemma not in types:
            continue
        here = [i for t, i in people if tokens[i[0]].get("sentence") == str(sentence)]
        named = [(spans[i[0]][0] < start, _actor(text[spans[i[0]][0] : spans[i[-1]][1]])) for i in here]
        sides = [[actor for is_before, actor in named if is_before == side] for side in (True, False)]
        around = [spans[t] for t, token in tokens.items() if token.get("sentence") == str(sentence)]
        event = _event(document, types[lemma], sides, (start, end), (around[0][0], around[-1][1]))
        chain = chains.get(m.get("m_id") or "", f"{path.stem}-{m.get('m_id')}")
        yield Mention(document=document, event=event, chain=chain, lemma=lemma, topic=topic)


def _text(root: ET.Element) -> tuple[str, dict[str | None, tuple[int, int]]]:
    parts, spans, at, last = [], {}, 0, None
    for token in root.iter("token"):
        gap = "" if last is None else "\n\n" if token.get("sentence") != last else " "
        word = token.text or ""
        at += len(gap)
        spans[token.get("t_id")] = (at, at + len(word))
        parts += [gap, word]
        at, last = at + len(word), token.get("sentence")
    return "".join(parts), spans


def _chains(root: ET.Element) -> dict[str, str]:
    found = {}
    for relation in root.find("Relations") or ():
        name = relation.get("note") or f"{root.get('doc_name')}-{relation.get('r_id')}"
        for source in relation.iter("source"):
            found[source.get("m_id") or ""] = name
    return found


def _document(name: str, text: str) -> Document:
    return Document(
        id=DocumentId(make_id("document", name)), page=PageId(make_id("page", name)),
        url=f"file:{name}", title=None,
        author=None, outlet=name, known_at=_KNOWN, published=None, language="en", genre="report", text=text,
        pieces=(Piece(start=0, page_span=Span(start=0, end=len(text))),),
    )  # fmt: skip


def _actor(name: str) -> Actor:
    vague = not any(c.isupper() for c in name)
    return Actor(
        id=ActorId(make_id("actor", name)),
        name=name,
        kind="unnamed" if vague else "person",
        country=None,
        sector=None,
    )


def _event(
    document: Document,
    kind: str,
    sides: list[list[Actor]],
    trigger: tuple[int, int],
    sentence: tuple[int, int],
) -> Event:
    return Event(
        id=EventId(make_id("event", document.id, trigger)), document=document.id,
        type=kind, mode=None,  # type: ignore[arg-type]
        actors=tuple(sides[0]), recipients=tuple(sides[1]), when=None, place=None, status="happened",
        attribution=None, killed=None, injured=None, score=1.0, recipe="ecb+", known_at=document.known_at,
        evidence=(Evidence(field="quote", span=Span(start=sentence[0], end=sentence[1])),
                  Evidence(field="trigger", span=Span(start=trigger[0], end=trigger[1]))),
    )  # fmt: skip
