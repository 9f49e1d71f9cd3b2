"""The check that runs during training: the network in training, put into the real annotator."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from evals._annotation_scores import (
    Span,
    attachment,
    fold_label,
    span_scores,
    span_scores_by_label,
    spans_of_bio,
    trees_of,
)
from numpy.typing import NDArray
from training.annotator.corpora import Document
from training.annotator.network import Network
from training.annotator.train import Names

from detente.engines.annotator import LabelNames, NetworkAnnotator
from detente.engines.lemmas import Lemmatizer
from detente.engines.wordpieces import WordPieces


class _Whole:
    def __init__(self, network: Network) -> None:
        self.network = network

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """Like the exported network."""
        names = ("pieces", "shapes", "firsts", "lasts")
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            states, arcs, flat = self.network(*(torch.from_numpy(feeds[name]) for name in names))
        root = self.network.root.detach().expand(states.shape[0], 1, -1)
        return [torch.cat([root, states.float()], 1).numpy(), arcs.float().numpy(), flat.float().numpy()]


class _Relations:
    def __init__(self, network: Network) -> None:
        self.network = network

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """Like the exported relations."""
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            scores = self.network.labels(torch.from_numpy(feeds["dep"]), torch.from_numpy(feeds["head"]))
        return [scores.float().numpy()]


def annotator_of(network: Network, pieces: WordPieces, names: Names) -> NetworkAnnotator:
    """The annotator over a torch network, without lemmas."""
    network.eval()
    return NetworkAnnotator(
        network=_Whole(network),
        relations=_Relations(network),
        pieces=pieces,
        names=LabelNames(pos=tuple(names.pos), tags=tuple(names.tags), deps=tuple(names.deps)),
        lemmatizer=Lemmatizer({"table": {}, "endings": {}, "known": []}),
        recipe="training",
    )


def tree_figures(annotator: NetworkAnnotator, documents: Sequence[Document]) -> dict[str, float]:
    """Attachment, tag and sentence-free scores on gold words and sentences."""
    pairs = [(document, annotator.annotate_words([s.words for s in document])) for document in documents]
    gold = [(s.heads or [], s.deps or []) for document, _ in pairs for s in document]
    found = [tree for _, annotation in pairs for tree in trees_of(annotation)]
    scores = attachment(gold, found)
    tags = [
        x == y for d, a in pairs for x, y in zip((t for s in d for t in s.tags or ()), a.tags, strict=True)
    ]
    return {"uas": scores["uas"], "las": scores["las"], "tags": round(float(np.mean(tags)), 4)}


def entity_figures(annotator: NetworkAnnotator, documents: Sequence[Document]) -> dict[str, object]:
    """Micro F1 of entity spans on gold words, as `evals ner` counts it."""
    gold, found = [], []
    for document in documents:
        tags = [tag for s in document for tag in s.entities or ()]
        gold.append({(b, e, fold_label(kind)) for b, e, kind in spans_of_bio(tags)})
        annotation = annotator.annotate_words([s.words for s in document])
        found.append({(e.start, e.end, fold_label(e.label)) for e in annotation.entities})
    scores = span_scores(gold, found)
    named = span_scores(_named(gold), _named(found))
    return {"ner": scores["f1"], "ner_named": named["f1"], "by_label": span_scores_by_label(gold, found)}


def _named(rows: Sequence[set[Span]]) -> list[set[Span]]:
    return [{span for span in row if span[2] != "OTHER"} for row in rows]
