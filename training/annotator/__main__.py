"""Trains the annotator: `python -m training.annotator --shared ../shared --out FOLDER`."""

import argparse
import json
import random
import sys
from pathlib import Path

import torch
from training.annotator import corpora, figures
from training.annotator.card import write_card
from training.annotator.corpora import Document
from training.annotator.minilm import minilm_folder, minilm_weights
from training.annotator.network import Network, load_minilm
from training.annotator.ship import ship
from training.annotator.swaps import read_names
from training.annotator.train import Encoder, Plan, names_of, resume, train

from detente.engines.wordpieces import WordPieces

CHECKED_COUNTRIES = frozenset({"in", "pk", "mong", "cuba", "ven"})
"""Articles of these countries are left out of the first phase: the check of unseen regions."""
LAYERS = 4


def main(argv: list[str]) -> int:
    """Trains without the checked countries, measures, trains on with them, ships, measures again."""
    options = _options(argv)
    data = options.shared / "data"
    if not data.is_dir():
        print(f"{data}: not there; the training data lie beside the project, see training/README.md")
        return 2
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    trees, worldwide, politics = read_data(data)
    names = names_of(trees)
    pieces = WordPieces((minilm_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines())
    network = Network(vocabulary=len(pieces), layers=LAYERS, sizes=names.sizes())
    load_minilm(network, minilm_weights())
    encoder = Encoder(pieces=pieces, names=names, rng=random.Random(options.seed), swaps=read_names())
    checks = checks_of(data, worldwide)

    def check(net: Network) -> dict[str, object]:
        return measure(figures.annotator_of(net, pieces, names), checks)

    if options.ship_only:
        resume(options.runs / options.ship_only / "last.pt", network)
    else:
        kept = [d for name, d in worldwide.items() if corpora.country_of(name) not in CHECKED_COUNTRIES]
        plan = Plan(steps=options.steps, seed=options.seed)
        train(network, encoder, trees, [*kept, *politics], plan, options.runs / "unseen", check)
        unseen = {"step": plan.steps, **check(network)}
        (options.runs / "unseen" / "figures.json").write_text(json.dumps(unseen) + "\n", encoding="utf-8")
        finish = Plan(steps=options.finish, rate=8e-5, head_rate=4e-4, warmup=20, seed=options.seed)
        entities = [*worldwide.values(), *politics]
        train(network, encoder, trees, entities, finish, options.runs / "all")
    ship(network, names, trees, pieces.vocabulary(), options.out)
    write_card(options.out, data, options.runs / "unseen" / "figures.json", sorted(CHECKED_COUNTRIES))
    return 0


def read_data(data: Path) -> tuple[list[Document], dict[str, Document], list[Document]]:
    """Treebanks (with Universal NER's marks), Worldwide articles by name, CrossNER sentences."""
    ewt = corpora.read_conllu(data / "treebank/en_ewt-train.conllu")
    marks = corpora.read_universal(data / "ner/en_ewt-ud-train.clean.iob2")
    count = corpora.add_universal(ewt, marks)
    gum = corpora.read_conllu(data / "treebank/en_gum-train.conllu")
    worldwide = corpora.read_worldwide(data / "ner/worldwide")
    politics = [
        d
        for part in ("train", "dev")
        for d in corpora.read_politics(data / f"ner/crossner_politics/{part}.txt")
    ]
    print(
        f"{len(ewt)}+{len(gum)} documents of trees "
        f"({count} sentences with entities), {len(worldwide)} articles"
    )
    return [*ewt, *gum], worldwide, politics


def checks_of(data: Path, worldwide: dict[str, Document]) -> dict[str, list[Document]]:
    """Check sets: none of them is trained on in the first phase."""
    bank = data / "treebank"
    left_out = [d for name, d in worldwide.items() if corpora.country_of(name) in CHECKED_COUNTRIES]
    return {
        "gum_news": [
            d
            for part in ("dev", "test")
            for d in corpora.read_conllu(bank / f"en_gum-{part}.conllu", "_news_")
        ],
        "regions": left_out,
    }


def measure(annotator, checks: dict[str, list[Document]]) -> dict[str, object]:
    """Figures of every check set."""
    return {
        "gum_news": figures.tree_figures(annotator, checks["gum_news"]),
        "regions": figures.entity_figures(annotator, checks["regions"]),
    }


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.annotator", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds data/")
    parser.add_argument("--out", type=Path, default=Path("src/detente/models/annotator"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs/annotator"), help="checkpoints")
    parser.add_argument("--steps", type=int, default=4000, help="without the checked countries")
    parser.add_argument("--finish", type=int, default=450, help="further steps with them")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ship-only", choices=["unseen", "all"], help="export a checkpoint, train no more")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
