"""Fit the weights of `detente.read.boundary`: does a new article begin under a heading?

`python -m training.reader.boundaries [--shared ../shared]` prints the table of weights.

Positives: pages put together from articles with known headlines, two to five in a row, in the manners in
which pages do it (bare headings, bylines, credits between). Negatives: the sub-headings inside them. The
articles are those of `data/html` (bodies marked by people, headings by tag) and of `gold/train`
(headlines from their addresses).
"""

import argparse
import gzip
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from detente.read.boundary import WEIGHTS, Boundary, signs_of
from detente.read.html import render_html
from detente.read.lines import Paragraph, read_paragraphs
from detente.text import sentence_spans, words

Story = tuple[str, list[str]]  # headline; paragraphs, sub-headings marked by a leading \x01


def html_stories(shared: Path) -> Iterator[Story]:
    folder = shared / "data" / "html"
    for name, item in sorted(json.loads((folder / "ground-truth.json").read_text(encoding="utf-8")).items()):
        path = folder / "pages" / f"{name}.html.gz"
        rendered = render_html(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"), name)
        body = " ".join(words(item["articleBody"]))
        lines, title = [], None
        for line in rendered.lines:
            text = rendered.text[line.start : line.end]
            if line.tag == "h1" and len(text.split()) >= 4:
                title = text
            if " ".join(words(text)) and " ".join(words(text)) in body:
                heading = line.tag in {"h2", "h3", "h4"} and not text.endswith(".")
                lines.append(("\x01" if heading else "") + text)
        if title and sum(len(line.split()) for line in lines) > 120:
            yield title, lines


def newswire_stories(shared: Path) -> Iterator[Story]:
    meta = json.loads((shared / "gold" / "meta.json").read_text(encoding="utf-8"))
    for path in sorted((shared / "gold" / "train").glob("newswire-*.json")):
        slug = re.sub(
            r"\.\w{2,5}$|[-_]\d+$",
            "",
            str(meta.get(path.stem, {}).get("url", "")).split("?")[0].rstrip("/").split("/")[-1],
        )
        title = re.sub(r"\W*\d{5,}.*$", "", slug).replace("-", " ").strip()
        text = (shared / "gold" / "docs" / f"{path.stem}.txt").read_text(encoding="utf-8")
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if len(title.split()) >= 4 and len(lines) > 3:
            marked = [
                (
                    "\x01"
                    if (len(line) < 90 and line[-1].isalnum()) or (line.endswith("?") and len(line) < 90)
                    else ""
                )
                + line
                for line in lines
            ]
            yield (title.title() if len(title) % 2 else title.capitalize()), marked


def same_topic_stories(shared: Path) -> Iterator[Story]:
    """Give reports on one war by one paper, so that a shift of topic isn't all that tells articles apart."""
    for path in sorted((shared / "gold" / "train").glob("guardian-*.json")):
        text = (shared / "gold" / "docs" / f"{path.stem}.txt").read_text(encoding="utf-8")
        sentences = [text[span.start : span.end] for span in sentence_spans(text)]
        lines = [" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]
        plain = [
            word
            for word in sentences[0].split()
            if word.lower() not in {"the", "a", "an", "has", "have", "been"}
        ]
        yield " ".join(plain[: 6 + len(text) % 6]).strip(",;:–- "), lines


def make_page(stories: list[Story], chance: random.Random) -> tuple[str, set[str]]:
    """Give a page of several stories and the headlines on it."""
    parts = []
    for title, lines in stories:
        limit = chance.randint(4, 40)
        parts += [title, *(line.lstrip("\x01") for line in lines[:limit])]
    return "\n\n".join(parts), {title for title, _ in stories}


def gather(groups: list[list[Story]], rounds: int, seed: int) -> tuple[list[dict[str, float]], list[int]]:
    chance = random.Random(seed)
    signs, labels = [], []
    for _ in range(rounds):
        chosen = chance.sample(groups[chance.randrange(len(groups))], chance.randint(2, 5))
        text, headlines = make_page(chosen, chance)
        for boundary, new in boundaries(text, headlines):
            signs.append(signs_of(boundary))
            labels.append(int(new))
    return signs, labels


def boundaries(text: str, headlines: set[str]) -> Iterator[tuple[Boundary, bool]]:
    paragraphs = read_paragraphs(text)
    body: list[Paragraph] = []
    above: list[Paragraph] = []
    for at, paragraph in enumerate(paragraphs):
        if paragraph.kind not in {"prose", "sentence", "item"} or paragraph.text in headlines:
            if paragraph.kind in {"prose", "sentence"}:
                paragraph.kind = "short"
            above.append(paragraph)
            continue
        new = any(line.text in headlines for line in above)
        if body and any(line.kind == "short" for line in above):
            following: list[Paragraph] = []
            for later in paragraphs[at : at + 40]:
                if later.kind == "short" or later.text in headlines:
                    break
                following.append(later)
            yield Boundary(body=list(body), between=above, following=following[:12]), new
        if new:
            body = []
        else:
            for line in above:
                if line.kind == "short":
                    line.kind = "heading"
                    body.append(line)
        body.append(paragraph)
        above = []


def lone_boundaries(shared: Path) -> tuple[list[dict[str, float]], list[int]]:
    """Give the sub-headings of newswire articles that stand alone on their page: none begins an article."""
    signs: list[dict[str, float]] = []
    for path in sorted((shared / "data" / "newswire").glob("*.txt")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if not text.startswith("{\\rtf"):
            signs += [signs_of(boundary) for boundary, _ in boundaries(text.partition("\n")[2], set())]
    return signs, [0] * len(signs)


def fit(signs: list[dict[str, float]], labels: list[int], names: list[str]) -> LogisticRegression:
    rows = np.array([[row[name] for name in names] for row in signs])
    return LogisticRegression(C=0.3, max_iter=2000).fit(rows, labels)


def main(argv: list[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    args = parser.parse_args(argv)
    if not (args.shared / "data" / "html").is_dir():
        sys.exit(f"{args.shared}/data/html is absent: name the folder of data with --shared")
    groups = [
        list(html_stories(args.shared)),
        list(newswire_stories(args.shared)),
        list(same_topic_stories(args.shared)),
    ]
    for group in groups:
        random.Random(7).shuffle(group)
    signs, labels = gather([group[: len(group) * 3 // 4] for group in groups], 600, 1)
    lone, none = lone_boundaries(args.shared)
    print(f"{len(lone)} sub-headings of articles alone on their page")
    signs, labels = signs + lone[::2], labels + none[::2]
    unseen, truth = gather([group[len(group) * 3 // 4 :] for group in groups], 300, 2)
    unseen, truth = unseen + lone[1::2], truth + none[1::2]
    names = [name for name in signs[0] if any(row[name] for row in signs)]
    model = fit(signs, labels, names)
    rows = np.array([[row[name] for name in names] for row in unseen])
    print(
        f"{sum(map(len, groups))} stories, {sum(labels)} new and {len(labels) - sum(labels)} not; on unseen ones:"
    )
    guess = model.predict(rows)
    hits = int(((guess == 1) & (np.array(truth) == 1)).sum())
    print(
        f"precision {hits / max(1, guess.sum()):.3f} recall {hits / sum(truth):.3f} of {sum(truth)} among {len(truth)}"
    )
    table = {"bias": float(model.intercept_[0]), **dict(zip(names, map(float, model.coef_[0]), strict=True))}
    for name in ["bias", *signs[0]]:
        print(f'    "{name}": {table.get(name, WEIGHTS.get(name, 0.0)):.2f},')
    return {"weights": table}


if __name__ == "__main__":
    main()
