"""Train the event reader and fit its judges, from the shared data to the weights that ship.

    python -m training.events --shared ../shared

Steps: examples (prepare), training with a part of the articles held out (train), export to 8-bit ONNX
(export), weights of roles and candidates fitted on the held-out articles (judge).
"""

import argparse
from pathlib import Path

import torch

from . import data, judge, prepare
from .export import export_reader
from .train import train_reader


def main() -> None:
    """Run the steps; `--steps` names those wanted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", default="../shared", type=Path)
    parser.add_argument("--runs", default="training/runs/events", type=Path, help="where examples and checkpoints are kept")
    parser.add_argument("--out", default="src/detente/models", type=Path, help="gets the folders events and judgement")
    parser.add_argument("--steps", nargs="+", default=["prepare", "train", "export", "judge"])
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--held", type=float, default=0.1, help="share of the articles kept for checks and for the judges")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    args = parser.parse_args()
    if not (args.shared / "gold").is_dir():
        raise SystemExit(f"{args.shared}/gold: not there; give --shared the folder that holds gold/ and data/")
    torch.set_num_threads(args.threads)
    prepared = args.runs / "examples.jsonl"
    if "prepare" in args.steps:
        prepare.write_examples(args.shared, prepared)
    train, held = data.hold_out(data.load_prepared(prepared), args.held, args.seed)
    print(f"{len(train)} examples to train on, {len(held)} articles held out", flush=True)
    if "train" in args.steps:
        train_reader(train, held, args.runs, epochs=args.epochs, rate=args.rate, seed=args.seed, resume=args.resume)
    if "export" in args.steps:
        export_reader(args.runs / "last.pt", args.out / "events")
    if "judge" in args.steps:
        judge.fit(args.shared, {e.group for e in held}, args.out / "judgement")


if __name__ == "__main__":
    main()
