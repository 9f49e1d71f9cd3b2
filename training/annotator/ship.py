"""From a trained network to the model folder: graphs, vocabulary, lemma table, manifest."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.annotator.corpora import Document
from training.annotator.export import export_network
from training.annotator.lemmas import count_lemmas
from training.annotator.network import Network
from training.annotator.train import Names

from detente.engines.weights import write_manifest


def ship(
    network: Network, names: Names, trees: Sequence[Document], vocabulary: Sequence[str], out: Path
) -> None:
    """Writes every file of the model folder but the card."""
    export_network(network, out)
    (out / "vocabulary.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    lemmas = count_lemmas(trees, [])
    (out / "lemmas.json").write_text(json.dumps(lemmas, ensure_ascii=False, separators=(",", ":")) + "\n")
    labels: dict[str, Any] = {"pos": names.pos, "tags": names.tags, "deps": names.deps}
    write_manifest(out, {"labels": labels, "layers": len(network.layers)})
