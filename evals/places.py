"""`python -m evals places --xml FILE [--half tuned|unseen] [--limit N] [--no-text]`: toponyms against LGL-format XML.

Of the gold toponyms with coordinates:

    acc161              share resolved to within 161 km (100 miles), each gold span given: toponym resolution
                        as the field reports it; a name that no list knows counts as missed
    exact               share resolved to within 10 km, or to the country or first-order division whose name
                        and country the gold tells (our gazetteer carries no GeoNames ids)
    found               share overlapped by a toponym that the extractor finds by itself
    acc161_end_to_end   share found by itself and resolved to within 161 km
    median_km           median distance of those resolved, spans given

`--half` takes only the articles that the weights were fitted on ("tuned": even CRC-32 of the
article's docid) or the others.
"""

import argparse
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from detente.extract.places import Resolver, Sense, distance_km, find_places
from detente.packs import PlaceEntry
from detente.records import Place

NEAR_KM = 161.0
EXACT_KM = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldToponym:
    """A marked place name: character offsets and the place as told."""

    start: int
    end: int
    place: PlaceEntry
    code: str = ""  # GeoNames feature code


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text with its marked toponyms that have coordinates."""

    name: str
    text: str
    toponyms: tuple[GoldToponym, ...]


def read_articles(file: Path) -> Iterator[Article]:
    """Give the articles of an LGL file (`toponym/gaztag`) or a GeoVirus file (`location`)."""
    for number, node in enumerate(ET.parse(file).getroot().iter("article")):
        name = node.get("docid") or f"{node.findtext('source') or ''}#{number}"
        text = node.findtext("text") or ""
        toponyms = [
            t for each in (*node.iter("toponym"), *node.iter("location")) if (t := _toponym(each, text))
        ]
        yield Article(name=name, text=text, toponyms=tuple(toponyms))


def _toponym(node: ET.Element, text: str) -> GoldToponym | None:
    tag = node.find("gaztag")
    tag = node if tag is None else tag
    latitude, longitude = tag.findtext("lat"), tag.findtext("lon")
    if not latitude or not longitude:
        return None
    place = PlaceEntry(name=tag.findtext("name") or "", kind="gold", country=tag.findtext("country"),
                       latitude=float(latitude), longitude=float(longitude))  # fmt: skip
    start, end = int(node.findtext("start") or 0), int(node.findtext("end") or 0)
    name = node.findtext("name")
    if name and text[start:end] != name and text[start - 1 : end - 1] == name:
        start, end = start - 1, end - 1  # GeoVirus counts from 1
    return GoldToponym(start=start, end=end, place=place, code=tag.findtext("fcode") or "")


def in_half(name: str, half: str | None) -> bool:
    """Tell whether an article belongs to the half."""
    return half is None or (zlib.crc32(name.encode()) % 2 == 0) == (half == "tuned")


def is_exact(gold: GoldToponym, place: Place) -> bool:
    """Tell whether a place is the gold's: within 10 km, or the same country or division by name."""
    if distance_km(gold.place, place) <= EXACT_KM:
        return True
    same = gold.place.name.lower() == place.name.lower()
    return same and gold.code[:3] in ("PCL", "ADM") and distance_km(gold.place, place) <= 1500


def score_given(
    article: Article, senses: list[Sense | None], tally: dict[str, float], away: list[float], show: bool
) -> None:
    """Count the senses of the given spans."""
    for gold, sense in zip(sorted(article.toponyms, key=lambda t: (t.start, t.end)), senses, strict=True):
        tally["toponyms"] += 1
        km = distance_km(gold.place, sense.place) if sense else float("inf")
        tally["near"] += km <= NEAR_KM
        tally["exact"] += bool(sense and is_exact(gold, sense.place))
        if sense:
            away.append(km)
        if show and km > NEAR_KM:
            got = (
                f"{sense.place.name}, {sense.place.admin1}, {sense.place.country} ({sense.score:.2f})"
                if sense
                else "nothing"
            )
            print(f"{article.name} {article.text[gold.start : gold.end]!r}: {gold.place.name}, {gold.place.country} {gold.code}"
                  f" <- {got}, {km:.0f} km")  # fmt: skip


def main(argv: list[str]) -> dict[str, object]:
    """Measure the finding and the resolution of toponyms."""
    parser = argparse.ArgumentParser(prog="python -m evals places", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--xml", required=True, type=Path)
    parser.add_argument("--half", choices=("tuned", "unseen"))
    parser.add_argument("--limit", type=int, help="only the first so many articles")
    parser.add_argument(
        "--spans-only", action="store_true", help="leave the annotator and the end-to-end figures out"
    )
    parser.add_argument("--show", action="store_true", help="print what was resolved wrongly")
    args = parser.parse_args(argv)
    articles = [a for a in read_articles(args.xml) if in_half(a.name, args.half)][: args.limit]
    return measure(articles, spans_only=args.spans_only, show=args.show)


def measure(articles: list[Article], *, spans_only: bool, show: bool) -> dict[str, object]:
    """Give the figures over the articles."""
    from detente.packs import load_pack

    pack = load_pack([])
    tally = dict.fromkeys(("toponyms", "near", "exact", "found", "end_to_end"), 0.0)
    away: list[float] = []
    for article in articles:
        spans = [(t.start, t.end) for t in article.toponyms]
        score_given(article, Resolver(article.text, spans, pack).resolve(), tally, away, show)
    figures: dict[str, object] = {
        "articles": len(articles), "toponyms": int(tally["toponyms"]),
        "acc161": share(tally["near"], tally), "exact": share(tally["exact"], tally),
        "median_km": round(median(away), 1) if away else None,
    }  # fmt: skip
    if not spans_only:
        score_found(articles, pack, tally)
        figures |= {
            "found": share(tally["found"], tally),
            "acc161_end_to_end": share(tally["end_to_end"], tally),
        }
    return figures


def share(count: float, tally: dict[str, float]) -> float:
    """Give a count as a share of the gold toponyms."""
    return round(count / tally["toponyms"], 4) if tally["toponyms"] else 0.0


def score_found(articles: list[Article], pack, tally: dict[str, float]) -> None:  # type: ignore[no-untyped-def]
    """Count what the extractor finds and resolves by itself."""
    from detente.engines import load_annotator
    from detente.extract.parties import find_parties

    for article, a in zip(articles, load_annotator().annotate([a.text for a in articles]), strict=True):
        found = [(a.span(t.start, t.end), t.place) for t in find_places(a, pack, find_parties(a, pack, None))]
        for gold in article.toponyms:
            hit = next((place for (s, e), place in found if s < gold.end and gold.start < e), None)
            tally["found"] += hit is not None
            tally["end_to_end"] += hit is not None and distance_km(gold.place, hit) <= NEAR_KM
