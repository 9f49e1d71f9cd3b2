"""Reading: are the articles of a page found, kept whole, freed of the rest, and dated?

`python -m evals read --texts DIR --gold DIR [--meta FILE] [--out DIR] [--html DIR] [--shared DIR]`

`--texts` holds `<doc>.txt`, `--gold` files of the gold format, `--meta` what is known of them from
outside. The figures are those of the `score.py` beside the gold (`--shared`, default ../shared, says where
it lies). `--html` names a folder of article-extraction-benchmark (ground-truth.json, pages/) and adds the
token F1 of our cleaning beside that of plain trafilatura.
"""

import argparse
import gzip
import importlib.util
import json
import re
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import trafilatura

from detente.errors import ReadError
from detente.read import read_page
from detente.read.dates import iso_date
from detente.records import Document, Page, PageId, SourceId, make_id
from detente.text import digest_bytes

_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def main(argv: list[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="evals read", description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--meta", type=Path)
    parser.add_argument("--out", type=Path, help="write predictions in the gold format here")
    parser.add_argument("--html", type=Path, help="folder of article-extraction-benchmark")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--worst", action="store_true", help="name the documents that are not right")
    args = parser.parse_args(argv)
    figures: dict[str, Any] = {}
    if args.gold and args.texts:
        figures |= evaluate_splitting(args.texts, args.gold, args.meta, args.out, args.shared, args.worst)
    if args.html:
        figures["html"] = evaluate_html(args.html, args.worst)
    if not figures:
        parser.error("nothing to do: give --texts and --gold, or --html")
    return figures


def evaluate_splitting(
    texts: Path, gold_folder: Path, meta_file: Path | None, out: Path | None, shared: Path, worst: bool
) -> dict[str, Any]:
    score = load_score(shared)
    gold = score.load(gold_folder, None)
    meta = json.loads(meta_file.read_text(encoding="utf-8")) if meta_file else {}
    pages = [
        make_page(name, (texts / f"{name}.txt").read_bytes(), meta.get(name, {})) for name in sorted(gold)
    ]
    started = time.perf_counter()
    predicted = {page.url.removeprefix("file:").removesuffix(".txt"): read_articles(page) for page in pages}
    seconds = time.perf_counter() - started
    if out:
        out.mkdir(parents=True, exist_ok=True)
        for name, item in predicted.items():
            (out / f"{name}.json").write_text(
                json.dumps(item, indent=1, ensure_ascii=False), encoding="utf-8"
            )
    if worst:
        for name in gold:
            alone = score.article_scores({name: predicted[name]}, {name: gold[name]})
            if (
                alone["articles"]["f1"] < 1
                or alone["body characters"]["f1"] < 0.99
                or (alone["published right"] or 0) < 1
            ):
                print(name, alone, file=sys.stderr)
    scores = score.article_scores(predicted, gold)
    genres = [(p, g) for p, g in _matched(predicted, gold)]
    scores["genre right"] = (
        round(sum(p["genre"] == g["genre"] for p, g in genres) / len(genres), 3) if genres else None
    )
    scores["documents per second"] = round(sum(len(i["articles"]) for i in predicted.values()) / seconds, 1)
    return {"splitting": scores}


def load_score(shared: Path) -> ModuleType:
    path = shared / "gold" / "score.py"
    if not path.is_file():
        sys.exit(f"{path} is absent: name the folder that holds gold/score.py with --shared")
    spec = importlib.util.spec_from_file_location("gold_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_page(name: str, body: bytes, facts: dict[str, str], media_type: str = "text/plain") -> Page:
    """Give a page as collecting would, with the facts told from outside (`source` is its address)."""
    known = {("url" if key == "source" else key): str(value) for key, value in facts.items() if value}
    digest = digest_bytes(body)
    return Page(
        id=PageId(make_id("page", name, digest)),
        source=SourceId("source-eval"),
        url=f"file:{name}.txt",
        fetched_at=_WHEN,
        media_type=media_type,
        status=200,
        body=body,
        digest=digest,
        facts=tuple(sorted(known.items())),
    )


def read_articles(page: Page) -> dict[str, Any]:
    """Give a page's documents in the gold format: start, end and the junk between the pieces."""
    name = page.url.removeprefix("file:").removesuffix(".txt")
    try:
        documents = read_page(page).documents
    except ReadError as error:
        print(error, file=sys.stderr)
        documents = ()
    return {"doc": name, "articles": [as_article(document) for document in documents], "events": []}


def as_article(document: Document) -> dict[str, Any]:
    spans = [piece.page_span for piece in document.pieces]
    return {
        "start": spans[0].start,
        "end": spans[-1].end,
        "junk": [[one.end, two.start] for one, two in pairwise(spans)],
        "title": document.title,
        "author": document.author,
        "outlet": document.outlet,
        "published": iso_date(document.published),
        "published_basis": document.published.basis if document.published else None,
        "genre": document.genre,
        "syndicated_from": document.syndicated_from,
    }


def _matched(predicted: dict[str, Any], gold: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    pairs = []
    for name, item in gold.items():
        for article in item["articles"]:
            best = max(
                predicted[name]["articles"],
                key=lambda a: min(a["end"], article["end"]) - max(a["start"], article["start"]),
                default=None,
            )
            if best and min(best["end"], article["end"]) > max(best["start"], article["start"]):
                pairs.append((best, article))
    return pairs


def evaluate_html(folder: Path, worst: bool = False) -> dict[str, Any]:
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    ours, plain = [], []
    for name, item in sorted(truth.items()):
        path = folder / "pages" / f"{name}.html.gz"
        if not path.is_file():
            continue
        body = gzip.decompress(path.read_bytes())
        page = make_page(name, body, {}, "text/html")
        wanted = item["articleBody"]
        ours.append(token_f1(_our_text(page), wanted))
        plain.append(
            token_f1(
                trafilatura.extract(body.decode("utf-8", "replace"), include_comments=False) or "", wanted
            )
        )
        if worst and ours[-1][2] < plain[-1][2] - 0.005:
            print(name[:12], "ours", ours[-1], "plain", plain[-1], file=sys.stderr)
    return {"pages": len(ours), "detente": _mean(ours), "trafilatura": _mean(plain)}


def _our_text(page: Page) -> str:
    try:
        return "\n".join(document.text for document in read_page(page).documents)
    except ReadError:
        return ""


def token_f1(found: str, wanted: str) -> tuple[float, float, float]:
    """Give precision, recall and F1 of four-word shingles, the measure of that benchmark."""
    one, other = _grams(found), _grams(wanted)
    hits = sum((one & other).values())
    precision = hits / sum(one.values()) if one else float(not other)
    recall = hits / sum(other.values()) if other else float(not one)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, f1


def _grams(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text, re.UNICODE)
    return (
        Counter(tuple(tokens[at : at + size]) for at in range(max(1, len(tokens) - size + 1)))
        if tokens
        else Counter()
    )


def _mean(rows: list[tuple[float, float, float]]) -> dict[str, float]:
    names = ("precision", "recall", "f1")
    return (
        {name: round(sum(row[k] for row in rows) / len(rows), 4) for k, name in enumerate(names)}
        if rows
        else {}
    )
