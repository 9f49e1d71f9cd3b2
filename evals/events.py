"""`python -m evals events --texts DIR --gold DIR [--meta FILE] [--out DIR]`: extraction against gold."""

import argparse
import hashlib
import importlib.util
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from detente.records import Document, Event, Page, PageId, SourceId, make_id


def load_score(gold: Path) -> ModuleType:
    """Give the scorer that lies beside the gold: the yardstick is not copied."""
    path = next((p / "score.py" for p in (gold.parent, gold) if (p / "score.py").exists()), None)
    if path is None:
        raise SystemExit(f"no score.py beside {gold}: give --gold a folder of the shared gold set")
    spec = importlib.util.spec_from_file_location("gold_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page_of(path: Path, facts: dict[str, str]) -> Page:
    """Give the page of a text file with what is known of it from outside."""
    body = path.read_bytes()
    return Page(
        id=PageId(make_id("page", path.name)), source=SourceId("source-eval"), url=path.name,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC), media_type="text/plain", status=200, body=body,
        digest=hashlib.sha256(body).hexdigest(), facts=tuple(sorted((k, str(v)) for k, v in facts.items() if v)),
    )  # fmt: skip


def event_gold(event: Event, document: Document, article: int) -> dict[str, object]:
    """Give an event in the gold format."""
    from detente.extract import event_date

    def party(actor: object) -> dict[str, object]:
        return {"name": actor.name, "country": actor.country, "sector": actor.sector}  # type: ignore[attr-defined]

    quotes = [
        document.text[e.span.start : e.span.end] for e in event.evidence if e.field in ("quote", "also")
    ]
    return {
        "id": event.id, "article": article, "quote": quotes[0], "also": quotes[1:], "type": event.type,
        "actor": [party(a) for a in event.actors], "recipient": [party(a) for a in event.recipients],
        "status": event.status, "said_by": party(event.attribution.speaker) if event.attribution else None,
        "date": event_date(event.when), "killed": event.killed.low if event.killed else None,
        "place": {"name": event.place.name, "country": event.place.country} if event.place else None,
        "injured": event.injured.low if event.injured else None, "incident": event.id, "score": event.score,
    }  # fmt: skip


def predict(texts: Path, names: list[str], meta: dict[str, dict[str, str]]) -> dict[str, dict[str, object]]:
    """Run the pipeline on pages and give predictions in the gold format."""
    from detente.engines import load_engines
    from detente.extract import extract_events
    from detente.packs import load_pack
    from detente.read import read_page

    pack, engines = load_pack(["south-caucasus"]), load_engines()
    out: dict[str, dict[str, object]] = {}
    for name in names:
        documents = read_page(page_of(texts / f"{name}.txt", meta.get(name, {}))).documents
        events = [
            event_gold(e, d, k) for k, d in enumerate(documents) for e in extract_events(d, pack, engines)
        ]
        out[name] = {"doc": name, "events": events}
    return out


def main(argv: list[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="python -m evals events", description=__doc__)
    parser.add_argument("--texts", required=True, type=Path)
    parser.add_argument("--gold", required=True, type=Path)
    parser.add_argument("--meta", type=Path)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args(argv)
    names = sorted(path.stem for path in args.gold.glob("*.json"))
    meta = json.loads(args.meta.read_text(encoding="utf-8")) if args.meta else {}
    predictions = predict(args.texts, names, meta)
    with tempfile.TemporaryDirectory() as scratch:
        out = args.out or Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        for name, prediction in predictions.items():
            (out / f"{name}.json").write_text(
                json.dumps(prediction, ensure_ascii=False, indent=1), encoding="utf-8"
            )
        score = load_score(args.gold.resolve())
        return dict(score.score(score.load(args.gold, None), score.load(out, None), args.texts))
