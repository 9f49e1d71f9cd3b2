"""Speed of reading plain text: documents of 600 words a second, on one core.

`python benchmarks/reading.py [--documents 400] [--json]` makes articles from the example reports (each of
600 words, no two alike, a third of them with menus and promotions around), reads them in this process, and
prints
documents a second, the ratio to what is asked for (100 a second), and, so that a slow machine is told from
slow code, the ratio of reading time to the time of splitting the same texts into words by `re.findall`.
"""

import argparse
import json
import random
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from detente.collect import open_paths
from detente.errors import ReadError
from detente.read import find_copies, read_page
from detente.records import Document, Page, PageId, SourceId, make_id
from detente.text import digest_bytes, sentence_spans

REPORTS = Path(__file__).parents[1] / "examples" / "reports"
ASKED_PER_SECOND = 100
WORDS = 600


def main(argv: list[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    pages = make_pages(args.documents)
    read_page(pages[0])  # loads the model of languages
    started = time.process_time()
    documents = [document for page in pages for document in read_page(page).documents]
    reading = time.process_time() - started
    started = time.process_time()
    for page in pages:
        re.findall(r"\w+", page.body.decode("utf-8"))
    plain = time.process_time() - started
    figures = {
        "documents": len(documents),
        "documents a second": round(len(documents) / reading, 1),
        "ratio to 100 a second": round(len(documents) / reading / ASKED_PER_SECOND, 2),
        "ratio to splitting words": round(reading / plain, 1),
        "copies, ratio of time for twice as many": _growth(documents),
    }
    print(
        json.dumps(figures) if args.json else "\n".join(f"{key:40} {value}" for key, value in figures.items())
    )
    return figures


def make_pages(count: int, seed: int = 6) -> list[Page]:
    chance = random.Random(seed)
    sentences = _sentences()
    return [_page(number, _article(sentences, chance, wrapped=number % 3 == 0)) for number in range(count)]


def _sentences() -> list[str]:
    found = []
    for page in open_paths([REPORTS])[1]:
        if not isinstance(page, Page):
            continue
        try:
            texts = [document.text for document in read_page(page).documents]
        except ReadError:
            continue
        for text in texts:
            plain = (" ".join(text[span.start : span.end].split()) for span in sentence_spans(text))
            found += [sentence for sentence in plain if not sentence.startswith("#")]
    return found


def _article(sentences: list[str], chance: random.Random, wrapped: bool) -> str:
    paragraphs, size = [], 0
    while size < WORDS:
        paragraph = " ".join(_varied(sentence, chance) for sentence in chance.sample(sentences, 3))
        size += len(paragraph.split())
        paragraphs.append(paragraph)
    body = "\n\n".join(paragraphs)
    if not wrapped:
        return body
    return f"Home\nNews\nSport\n\nA headline about the valley\n5 December 2025\n\n{body}\n\nRead also\nTen soups\nContact us"


def _varied(sentence: str, chance: random.Random) -> str:
    """Give a sentence with some of its long words made others, so that no two articles share whole runs."""
    words = sentence.split(" ")
    return " ".join(
        f"{word[:4]}{chance.choice('aeiou')}{word[5:]}" if len(word) > 5 and chance.random() < 0.6 else word
        for word in words
    )


def _page(number: int, text: str) -> Page:
    body = text.encode("utf-8")
    digest = digest_bytes(body)
    return Page(
        id=PageId(make_id("page", number, digest)),
        source=SourceId("source-benchmark"),
        url=f"file:{number}.txt",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        media_type="text/plain",
        status=200,
        body=body,
        digest=digest,
    )


def _growth(documents: list[Document]) -> float:
    """Give how much longer copies take to find among all documents than among half: 2 is linear."""
    find_copies(documents[:2])
    times = []
    for part in (documents[: len(documents) // 2], documents):
        started = time.process_time()
        find_copies(part)
        times.append(time.process_time() - started)
    return round(times[1] / times[0], 2)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
