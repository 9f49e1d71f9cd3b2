"""`python -m evals incidents --texts DIR --gold DIR [--meta FILE] [--from-gold] [--ecbplus DIR]`: fusing.

B-cubed over the events that match gold ones (of the right type, as the gold's own scorer matches them), from
our extraction, or from the gold events themselves with `--from-gold`. "alone" is what calling every report an
incident of its own would earn: most are, so the pairs that were rightly put together are shown beside it.
With `--ecbplus`, CoNLL F1 on the development topics of ECB+, conflict mentions, beside the baseline that puts
all mentions of one lemma together.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from detente.packs import Pack, load_pack, shipped_packs
from detente.records import Document, Event
from evals._clusters import bcubed, conll, pairs_f1
from evals._ecbplus import DEV_TOPICS, load_mentions
from evals._gold import load_gold
from evals.events import event_gold, load_score, page_of

Extracted = Mapping[str, Sequence[tuple[Document, tuple[Event, ...]]]]


def read_and_extract(
    texts: Path, names: Iterable[str], meta: Mapping[str, dict[str, str]], pack: Pack
) -> Extracted:
    """Give the documents and events that the pipeline finds in each page."""
    from detente.engines import load_engines
    from detente.extract import extract_events
    from detente.read import read_page

    engines = load_engines()
    pages = {name: read_page(page_of(texts / f"{name}.txt", meta.get(name, {}))).documents for name in names}
    return {n: [(d, extract_events(d, pack, engines)) for d in documents] for n, documents in pages.items()}


def label_extracted(
    score: ModuleType,
    text: str,
    found: Sequence[tuple[Document, tuple[Event, ...]]],
    gold: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[Document, Event, str]]:
    """Give the extracted events that match a gold event of their type, with the gold incident's slug."""
    by_id = {event.id: (document, event) for document, events in found for event in events}
    told = [event_gold(event, document, k) for k, (document, events) in enumerate(found) for event in events]
    for ours, theirs in score.match(told, gold, text):
        if ours["type"] == theirs["type"]:
            yield *by_id[ours["id"]], theirs["incident"]


def fuse_labels(rows: Sequence[tuple[Document, Event]], pack: Pack) -> list[str]:
    """Give the incident of each event."""
    from detente.fuse import fuse_events

    documents = {document.id: document for document, _ in rows}
    incidents = fuse_events([event for _, event in rows], documents.values(), pack).incidents
    home = {event: incident.id for incident in incidents for event in incident.events}
    return [home[event.id] for _, event in rows]


def figures_of(found: Sequence[str], gold: Sequence[str]) -> dict[str, object]:
    names = ("precision", "recall", "f1")
    figures = {f"bcubed_{n}": round(v, 3) for n, v in zip(names, bcubed(found, gold), strict=True)}
    figures |= {f"pairs_{n}": round(v, 3) for n, v in zip(names, pairs_f1(found, gold), strict=True)}
    alone = bcubed(range(len(gold)), gold)[2]
    return {"events": len(gold), "incidents": len(set(gold)), **figures, "bcubed_f1_alone": round(alone, 3)}


def measure_gold(texts: Path, gold: Path, pack: Pack) -> dict[str, object]:
    """Fuse the gold events."""
    rows = [report for reports in load_gold(texts, gold, pack).values() for report in reports]
    return figures_of(fuse_labels([(d, e) for d, e, _ in rows], pack), [slug for *_, slug in rows])


def measure_extracted(texts: Path, gold: Path, extracted: Extracted, pack: Pack) -> dict[str, object]:
    """Fuse the extracted events, all of them, and judge those that match gold ones."""
    score = load_score(gold.resolve())
    rows = [(d, e) for found in extracted.values() for d, events in found for e in events]
    home = dict(zip((e.id for _, e in rows), fuse_labels(rows, pack), strict=True))
    items = []
    for name, found in extracted.items():
        told = json.loads((gold / f"{name}.json").read_text(encoding="utf-8"))["events"]
        text = (texts / f"{name}.txt").read_text(encoding="utf-8")
        items += [(home[event.id], slug) for _, event, slug in label_extracted(score, text, found, told)]
    return {"extracted": len(rows), **figures_of([a for a, _ in items], [b for _, b in items])}


def measure_ecbplus(folder: Path, pack: Pack, topics: Iterable[str] = DEV_TOPICS) -> dict[str, object]:
    """Cluster ECB+ mentions of conflict, topics unknown to us, and the same-lemma baselines."""
    mentions = list(load_mentions(folder, set(topics), pack))
    gold = [m.chain for m in mentions]
    ours = fuse_labels([(m.document, m.event) for m in mentions], pack)
    return {
        "mentions": len(mentions), "chains": len(set(gold)), "ours": conll(ours, gold),
        "same lemma": conll([m.lemma for m in mentions], gold),
        "same lemma and topic (topics given)": conll([(m.topic, m.lemma) for m in mentions], gold),
    }  # fmt: skip


def main(argv: list[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="python -m evals incidents", description=__doc__)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--meta", type=Path)
    parser.add_argument("--from-gold", action="store_true")
    parser.add_argument("--ecbplus", type=Path)
    args = parser.parse_args(argv)
    if not args.ecbplus and not (args.texts and args.gold):
        parser.error("give --texts and --gold, or --ecbplus, or all of them")
    pack, figures = load_pack(shipped_packs()), {}
    if args.gold:
        names = sorted(path.stem for path in args.gold.glob("*.json"))
        meta_file = args.meta or args.gold.resolve().parent / "meta.json"
        meta = json.loads(meta_file.read_text(encoding="utf-8")) if meta_file.exists() else {}
        if args.from_gold:
            figures |= measure_gold(args.texts, args.gold, pack)
        else:
            extracted = read_and_extract(args.texts, names, meta, pack)
            figures |= measure_extracted(args.texts, args.gold, extracted, pack)
    if args.ecbplus:
        figures["ecbplus"] = measure_ecbplus(args.ecbplus, pack)
    return figures
