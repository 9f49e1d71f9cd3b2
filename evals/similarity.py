"""`similarity --folder DIR`: whether sentences that report the same event have vectors more alike.

DIR holds ECB+ (documents with cross-document event coreference). Pairs are sentences of different
documents of one topic: those that share an event chain against those that share none; at most `MOST` of
each, drawn by a fixed seed from the check topics. Keys: `auc` (the chance that a pair of the same event is
more alike than another), `auc_same_incident` (against pairs of one incident), `auc_incident` (against pairs
from the two incidents of a topic, which share its vocabulary), `pairs`, `sentences`.
"""

import argparse
import csv
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

TOPICS = (2, 5, 12, 18, 21, 23, 34, 35)
MOST = 2500
Encode = Callable[[Sequence[str]], NDArray[np.float32]]


class Sentence(NamedTuple):
    """A sentence with the event chains it mentions; `incident` tells the two incidents of a topic apart."""

    text: str
    document: str
    incident: str
    chains: frozenset[str]


class Pair(NamedTuple):
    """Two sentences; `kind` is same, other (of the same incident) or incident (of the other one)."""

    left: str
    right: str
    kind: str


def main(argv: list[str]) -> dict[str, object]:
    """Figures of the shipped encoder."""
    parser = argparse.ArgumentParser(prog="python -m evals similarity", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("../shared/data/incidents/ecbplus"))
    folder = parser.parse_args(argv).folder
    if not folder.is_dir():
        raise SystemExit(f"{folder}: not there; give the folder of ECB+ with --folder")
    from detente.engines import load_encoder

    return measure(read_pairs(folder), load_encoder().encode)


def read_pairs(folder: Path, topics: Iterable[int] = TOPICS) -> list[Pair]:
    """The pairs of the topics, at most `MOST` of each kind."""
    kept = _checked_sentences(folder)
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for topic in topics:
        sentences = [
            s for path in sorted((folder / str(topic)).glob("*.xml")) for s in _sentences(path, kept)
        ]
        for a, b in combinations(sentences, 2):
            if a.document != b.document and a.text != b.text:
                kind = "same" if a.chains & b.chains else "other" if a.incident == b.incident else "incident"
                pairs[kind].append(Pair(a.text, b.text, kind))
    rng = random.Random(1)
    return [pair for _, found in sorted(pairs.items()) for pair in rng.sample(found, min(MOST, len(found)))]


def _checked_sentences(folder: Path) -> set[tuple[str, str]]:
    """The sentences whose annotation was checked: (document, sentence number)."""
    with (folder / "ECBplus_coreference_sentences.csv").open(encoding="utf-8-sig") as file:
        return {(f"{r['Topic']}_{r['File']}", r["Sentence Number"]) for r in csv.DictReader(file)}


def _sentences(path: Path, kept: set[tuple[str, str]]) -> list[Sentence]:
    root = ElementTree.parse(path).getroot()
    words: dict[str, list[str]] = defaultdict(list)
    number_of = {}
    for token in root.iter("token"):
        words[token.attrib["sentence"]].append(token.text or "")
        number_of[token.attrib["t_id"]] = token.attrib["sentence"]
    chains = _chains(root, number_of)
    incident = "plus" if path.stem.endswith("plus") else "ecb"
    return [
        Sentence(" ".join(words[n]), path.stem, incident, frozenset(chains[n]))
        for n in words
        if (path.stem, n) in kept and chains[n]
    ]


def _chains(root: ElementTree.Element, number_of: dict[str, str]) -> dict[str, set[str]]:
    """For each sentence the event chains that it mentions."""
    anchors = {
        m.attrib["m_id"]: [a.attrib["t_id"] for a in m.iter("token_anchor")]
        for m in root.iterfind("Markables/*")
    }
    name = {m.attrib["m_id"]: m.attrib.get("instance_id", "") for m in root.iterfind("Markables/*")}
    chains: dict[str, set[str]] = defaultdict(set)
    for link in root.iter("CROSS_DOC_COREF"):
        target = link.find("target")
        chain = name.get(target.attrib["m_id"], "") if target is not None else ""
        for source in link.iter("source"):
            for token in anchors.get(source.attrib["m_id"], []):
                if chain.startswith(("ACT", "NEG")) and token in number_of:
                    chains[number_of[token]].add(chain)
    return chains


def measure(pairs: Sequence[Pair], encode: Encode) -> dict[str, object]:
    """How well the inner product of vectors tells pairs of the same event from others."""
    texts = sorted({text for pair in pairs for text in (pair.left, pair.right)})
    vectors = dict(zip(texts, encode(texts), strict=True))
    scores: dict[str, list[float]] = defaultdict(list)
    for pair in pairs:
        scores[pair.kind].append(float(vectors[pair.left] @ vectors[pair.right]))
    return {
        "auc": round(auc(scores["same"], scores["other"] + scores["incident"]), 4),
        "auc_same_incident": round(auc(scores["same"], scores["other"]), 4),
        "auc_incident": round(auc(scores["same"], scores["incident"]), 4),
        "pairs": {kind: len(found) for kind, found in scores.items()},
        "sentences": len(texts),
    }


def auc(high: Sequence[float], low: Sequence[float]) -> float:
    """The chance that one of `high` is above one of `low`, ties counted half."""
    if not high or not low:
        return float("nan")
    ordered = np.sort(np.asarray(low))
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean() / 2 / len(low))
