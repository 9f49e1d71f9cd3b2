"""Write the sentence examples of annotated articles, parties found by détente's own party finder.

    python -m training.events.prepare --shared ../shared --out training/runs/events/examples.jsonl

A gold actor or recipient is marked where a party of the sentence is the same actor by the rule of the
scorer beside the gold (same name, or same country and sector), so that the network learns roles
on the very phrases that it will be asked about.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from detente.engines import Annotation, load_annotator
from detente.extract.parties import Party, find_parties, in_sentence
from detente.packs import Pack, load_pack
from evals.events import load_score
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
) -> list[list[int]]:
    """Give the spans in the sentence of the parties that are one of the gold ones."""
    spans = []
    for party in parties:
        mine = [{"name": x.name, "country": x.country, "sector": x.sector} for x in party.actors]
        if any(same(m, g) for m in mine for g in gold):
            left, right = a.span(party.start, party.end)
            spans.append([left - offset, right - offset])
    return spans


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
                    mentions.append({
                        "type": event["type"], "status": event["status"], "quote": [first - left, last - left],
                        "actors": party_spans(a, here, event["actor"], same, left),
                        "recipients": party_spans(a, here, event["recipient"], same, left),
                        "primary": q[2], "attributed": bool(event.get("said_by")),
                    })  # fmt: skip
            yield {"text": a.text[left:right], "events": mentions, "complete": True, "group": gold["doc"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", default="../shared", type=Path)
    parser.add_argument("--out", default="training/runs/events/examples.jsonl", type=Path)
    args = parser.parse_args()
    gold = args.shared / "gold"
    if not gold.is_dir():
        raise SystemExit(f"{gold}: no such folder; give --shared the folder that holds gold/ and data/")
    same = load_score(gold / "train").same_actor
    pack = load_pack(["south-caucasus"])
    files = [p for folder in ("train", "train_stories") for p in sorted((gold / folder).glob("*.json"))]
    golds = [json.loads(p.read_text(encoding="utf-8")) for p in files]
    documents = [(g, (gold / "docs" / f"{g['doc']}.txt").read_text(encoding="utf-8")) for g in golds]
    documents += [(g, g["text"]) for g in annotations.load(annotations.FOLDER, args.shared / "data/newswire")]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with args.out.open("w", encoding="utf-8") as out:
        for g, text in documents:
            for example in examples_of(g, text, pack, same):
                out.write(json.dumps(example, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
