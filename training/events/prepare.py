"""Write the examples of annotated articles and marked sentences, as détente's own annotator and party finder see them.

A gold actor or recipient is marked where a party of the document is the same actor by the rule of the
scorer beside the gold (same name, or same country and sector), so that the network learns roles
on the very phrases that it will be asked about.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from evals.events import load_score

from detente.engines import Annotation, load_annotator
from detente.extract import event_date
from detente.extract.parties import Party, find_parties
from detente.extract.places import Toponym, find_places
from detente.extract.reports import find_reports
from detente.extract.scene import lexicon_hints, time_words
from detente.extract.times import TimeExpression, find_times
from detente.packs import Pack, load_pack
from training import annotations, stories

from .data import ROLE_KINDS, ROLES, TYPES, MarkedRow, Span, quote_spans, read_plv, read_sentences
from .roles_data import Told, read_all

SENTENCES = Path(__file__).parent.parent / "sentences"


def day_of(value: str | None) -> date | None:
    """Give the day of an ISO date of any precision."""
    if not value:
        return None
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return date(year, month, day)


def sureness(party: Party, gold: dict[str, Any], same: Any) -> int:
    """Tell how surely a party is the gold one: 3 by name, 2 by country and sector, 1 by state alone, 0 not."""
    best = 0
    for x in party.actors:
        mine = {"name": x.name, "country": x.country, "sector": x.sector}
        if same(mine, gold):
            named = mine["name"].lower() == gold["name"].lower()
            best = max(
                best, 3 if named else 2 if (x.country, x.sector) == (gold["country"], gold["sector"]) else 1
            )
    return best


def day_agrees(time: TimeExpression, gold: str) -> int:
    """Tell how surely a time is the gold date: 3 the same, 1 as far as either goes, 0 not."""
    told = event_date(time.when)
    if told is None:
        return 0
    size = min(len(told), len(gold))
    return 3 if told == gold else int(told[:size] == gold[:size])


def place_agrees(toponym: Toponym, gold: dict[str, Any]) -> int:
    """Tell how surely a toponym is the gold place: 3 by name, 1 by country alone, 0 not."""
    named = toponym.place.name.lower() == gold["name"].lower()
    return 3 if named else int(bool(gold["country"]) and toponym.place.country == gold["country"])


def tables(event: dict[str, Any], scene: "Seen", same: Any) -> list[list[dict[int, int]]]:
    """Give for each role one table a gold filler: candidate -> how surely it is the one."""
    found = []
    for role, kind in zip(ROLES, ROLE_KINDS, strict=True):
        golds = event[role] if isinstance(event[role], list) else [event[role]] if event[role] else []
        levels = {"party": lambda x, g: sureness(x, g, same), "time": day_agrees, "place": place_agrees}[kind]
        found.append([{k: n for k, x in enumerate(getattr(scene, kind)) if (n := levels(x, g))} for g in golds])
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """What an annotated text has to fill roles with."""

    party: Sequence[Party]
    time: Sequence[TimeExpression]
    place: Sequence[Toponym]

    def candidates(self, a: Annotation) -> dict[str, list[tuple[int, int, int]]]:
        """Give start, end and head in words of every candidate."""
        times = [time_words(a, t) for t in self.time]
        return {
            "party": [(p.start, p.end, p.head) for p in self.party], "time": times,
            "place": [(t.start, t.end, t.head) for t in self.place],
        }  # fmt: skip


def document_row(a: Annotation, pack: Pack, seen: Seen, group: str, complete: bool) -> dict[str, Any]:
    """Give the columns of an annotated text; its events are still to be added."""
    labels = ["O"] * len(a)
    for start, end, label in a.entities:
        labels[start:end] = [label] * (end - start)
    hints = {
        k: [t for t, weight in enumerate(row) if weight]
        for k, row in enumerate(lexicon_hints(a, pack.lexicon, TYPES).tolist())
        if any(row)
    }
    return {
        "group": group, "complete": complete, "text": a.text, "starts": a.starts, "words": a.words, "pos": a.pos,
        "deps": a.deps, "entities": labels, "hints": hints, "sentences": a.sentences, "events": [], "nothing": [],
        "candidates": seen.candidates(a),
    }  # fmt: skip


def words_in(a: Annotation, span: Span) -> Span | None:
    """Give the range of words that lie in a span of characters."""
    inside = [k for k, at in enumerate(a.starts) if span[0] <= at < span[1]]
    return (inside[0], inside[-1] + 1) if inside else None


def article_rows(gold: dict[str, Any], text: str, pack: Pack, same: Any) -> Iterator[dict[str, Any]]:
    """Give an example for each article of a document."""
    annotator = load_annotator()
    for article in gold["articles"]:
        start = article["start"]
        (a,) = annotator.annotate([text[start : article["end"]]])
        published = article.get("published")
        parties = find_parties(a, pack, day_of(published), find_reports(a, pack.lexicon))
        anchor = day_of(published) if published and len(published) == 10 else None
        seen = Seen(parties, find_times(a.text, anchor), find_places(a, pack, parties))
        row = document_row(a, pack, seen, gold["doc"], True)
        for event in gold["events"]:
            roles = tables(event, seen, same)
            for left, right, primary in quote_spans(event, text):
                words = words_in(a, (left - start, right - start)) if left >= start else None
                if words is None:
                    continue
                row["events"].append({
                    "type": event["type"], "status": event["status"], "first": words[0], "last": words[1],
                    "primary": primary, "attributed": bool(event.get("said_by")),
                    "roles": roles,
                })  # fmt: skip
        yield row


def sentence_rows(rows: Iterable[MarkedRow], name: str, pack: Pack) -> Iterator[dict[str, Any]]:
    """Give an example for each marked sentence, the rows of one sentence together."""
    groups = [(text, list(same)) for text, same in groupby(sorted(rows, key=lambda r: r.text), key=lambda r: r.text)]
    annotated = load_annotator().annotate([text for text, _ in groups])
    for (text, marked), a in zip(groups, annotated, strict=True):
        seen = Seen(find_parties(a, pack, None, find_reports(a, pack.lexicon)), (), ())
        row = document_row(a, pack, seen, f"{name}:{text[:60]}", False)
        for r in marked:
            ends = [_party_number(a, row["candidates"]["party"], span) for span in (r.source, r.target)]
            if None in ends:
                continue
            if r.type == "NONE":
                row["nothing"].append(ends)
                continue
            row["events"].append({
                "type": r.type, "status": r.status, "first": 0, "last": len(a), "primary": True, "attributed": None,
                "roles": [[{ends[0]: 3}], [{ends[1]: 3}], None, None, None],
            })  # fmt: skip
        if row["events"] or row["nothing"]:
            yield row


def role_rows(texts: Iterable[tuple[str, list[Told]]], pack: Pack) -> Iterator[dict[str, Any]]:
    """Give an example for each text of the role sets; only parties and places that are found here play a part."""
    listed = list(texts)
    for (text, told), a in zip(listed, load_annotator().annotate([text for text, _ in listed]), strict=True):
        parties = find_parties(a, pack, None, find_reports(a, pack.lexicon))
        seen = Seen(parties, (), find_places(a, pack, parties))
        row = document_row(a, pack, seen, f"roles:{text[:60]}", False)
        for event in told:
            words = words_in(a, event.trigger)
            filled = [_filled(a, row["candidates"][kind], spans) for kind, spans in (
                ("party", event.actors), ("party", event.recipients), ("place", event.places))]  # fmt: skip
            if words is not None and any(table for tables in filled for table in tables or ()):
                row["events"].append({
                    "type": "", "status": None, "first": words[0], "last": words[1], "primary": True, "attributed": None,
                    "roles": [filled[0], filled[1], None, None, filled[2]],
                })  # fmt: skip
        if row["events"]:
            yield row


def _filled(a: Annotation, candidates: list[tuple[int, int, int]], spans: list[Span] | None) -> list[dict[int, int]] | None:
    """Give a table for each gold filler: the candidates whose head stands in it and that are all of it but its further words."""
    if spans is None:
        return None
    made = []
    for span in spans:
        words = words_in(a, span)
        inside = [k for k, c in enumerate(candidates) if words and words[0] <= c[2] < words[1]]
        tops = [k for k in inside if not words[0] <= a.heads[candidates[k][2]] < words[1]]  # type: ignore[index]
        made.append(dict.fromkeys(tops or inside[:1], 3))
    return made


def _party_number(a: Annotation, parties: list[tuple[int, int, int]], span: Span) -> int | None:
    """Give the number of the party at a marked span; one that was not found is added."""
    words = words_in(a, span)
    if words is None:
        return None
    head = next((k for k in range(*words) if not words[0] <= a.heads[k] < words[1] or a.heads[k] == k), words[1] - 1)
    for k, p in enumerate(parties):
        if p[2] == head or (words[0] <= p[2] < words[1] and p[1] - p[0] == words[1] - words[0]):
            return k
    parties.append((*words, head))
    return len(parties) - 1


def annotated_documents(shared: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Give all that was annotated in full, with its text: shared articles and stories, our articles, our stories."""
    gold = shared / "gold"
    for path in (p for folder in ("train", "train_stories") for p in sorted((gold / folder).glob("*.json"))):
        item = json.loads(path.read_text(encoding="utf-8"))
        yield item, (gold / "docs" / f"{item['doc']}.txt").read_text(encoding="utf-8")
    for item in annotations.load_all(shared / "data/newswire"):
        yield item, item["text"]
    for item in stories.load_all():
        yield item, item["text"]


def write_examples(shared: Path, out: Path) -> None:
    """Write one JSON line for each annotated article, story, marked sentence and text of the role sets."""
    same = load_score(shared / "gold" / "train").same_actor
    pack = load_pack(["south-caucasus"])
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as file:
        for gold, text in annotated_documents(shared):
            for row in article_rows(gold, text, pack, same):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        for name, rows in (
            ("plv", read_plv(shared / "data/relations/PLV_train.clean.tsv")),
            ("own", read_sentences(SENTENCES)),
        ):
            for row in sentence_rows(rows, name, pack):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        for row in role_rows(read_all(shared), pack):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
