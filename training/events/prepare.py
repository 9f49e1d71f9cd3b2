"""Write the sentence examples of annotated articles, parties found by détente's own party finder.

A gold actor or recipient is marked where a party of the sentence is the same actor by the rule of the
scorer beside the gold (same name, or same country and sector), so that the network learns roles
on the very phrases that it will be asked about.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from evals.events import load_score

from detente.engines import Annotation, load_annotator
from detente.extract.parties import Party, find_parties, in_sentence
from detente.packs import Pack, load_pack
from training import annotations

from .data import quote_spans


def day_of(value: str | None) -> date | None:
    """Give the day of an ISO date of any precision."""
    if not value:
        return None
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return date(year, month, day)


def party_spans(
    a: Annotation, parties: list[Party], gold: list[dict[str, Any]], same: Any, offset: int
) -> tuple[list[list[int]], list[list[int]]]:
    """Give the spans in the sentence of the parties that surely are a gold one, and of those that perhaps are.

    Of the mentions that the scorer would let pass for a gold party only the surest count: in news of one country
    every official would else be the actor of every act.
    """
    sure, loose = set(), set()
    for g in gold:
        levels = [sureness(p, g, same) for p in parties]
        best = max(levels, default=0)
        sure |= {k for k, level in enumerate(levels) if best and level == best}
        loose |= {k for k, level in enumerate(levels) if 0 < level < best}
    spans = [[x - offset for x in a.span(p.start, p.end)] for p in parties]
    return [spans[k] for k in sorted(sure)], [spans[k] for k in sorted(loose - sure)]


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


def examples_of(gold: dict[str, Any], text: str, pack: Pack, same: Any) -> Iterator[dict[str, Any]]:
    """Give an example for each sentence of a document's articles."""
    annotator = load_annotator()
    events = [(e, quote_spans(e, text)) for e in gold["events"]]
    for article in gold["articles"]:
        start = article["start"]
        (a,) = annotator.annotate([text[start : article["end"]]])
        parties = find_parties(a, pack, day_of(article.get("published")))
        for s, e in a.sentences:
            left, right = a.span(s, e)
            here = in_sentence(parties, s, e)
            mentions = []
            for event, spans in events:
                best = max(
                    spans, key=lambda q: min(q[1], right + start) - max(q[0], left + start), default=None
                )
                for q in spans:
                    first, last = max(q[0] - start, left), min(q[1] - start, right)
                    shared = last - first
                    if shared <= 0.4 * min(q[1] - q[0], right - left) or (q is not best and shared < 15):
                        continue
                    actors, perhaps = party_spans(a, here, event["actor"], same, left)
                    recipients, perhaps_too = party_spans(a, here, event["recipient"], same, left)
                    mentions.append({
                        "type": event["type"], "status": event["status"], "quote": [first - left, last - left],
                        "actors": actors, "recipients": recipients, "loose": perhaps + perhaps_too,
                        "primary": q[2], "attributed": bool(event.get("said_by")),
                    })  # fmt: skip
            yield {"text": a.text[left:right], "events": mentions, "complete": True, "group": gold["doc"]}


def write_examples(shared: Path, out: Path) -> None:
    """Write one JSON line a sentence for all annotated articles and stories."""
    gold = shared / "gold"
    same = load_score(gold / "train").same_actor
    pack = load_pack(["south-caucasus"])
    files = [p for folder in ("train", "train_stories") for p in sorted((gold / folder).glob("*.json"))]
    golds = [json.loads(p.read_text(encoding="utf-8")) for p in files]
    documents = [(g, (gold / "docs" / f"{g['doc']}.txt").read_text(encoding="utf-8")) for g in golds]
    documents += [(g, g["text"]) for g in annotations.load_all(shared / "data/newswire")]
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as file:
        for g, text in documents:
            for example in examples_of(g, text, pack, same):
                file.write(json.dumps(example, ensure_ascii=False) + "\n")
