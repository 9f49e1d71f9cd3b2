"""Train the relation classifier: `python -m training.relations --shared ../shared --ship`.

A fifth of the sentences is held out and measured after every round. With `--ship` a last short round then
learns from all of them, and weights, manifest and card go into the package. `--fold` chooses the part.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer

from training.annotator.minilm import minilm_folder

from . import data
from .figures import figures, predict
from .model import PairNet
from .train import Plan, average, teach, train

FOLDS = 5
TAUGHT = frozenset({"plv", "own", "cameo", "story"})
"""The sets whose sentences teach the vector head."""
FINISH = {"cycles": (1,), "rates": (3e-5,), "frozen": (2,)}
"""The last round, over all rows."""


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.relations", description=__doc__)
    parser.add_argument("--shared", default="../shared", type=Path)
    parser.add_argument(
        "--encoder", type=Path, help="folder of MiniLM's checkpoint; by default the package's"
    )
    parser.add_argument("--prepared", default="training/runs/events/examples.jsonl", type=Path)
    parser.add_argument("--runs", default="training/runs/relations", type=Path)
    parser.add_argument("--out", default="src/detente/models/relations", type=Path)
    parser.add_argument("--cycles", type=int, nargs="+", default=[3, 3], help="rounds of each cycle")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fold", type=int, default=0, help=f"hold out this one of {FOLDS} parts")
    parser.add_argument("--begin", type=Path, help="begin with the weights of this checkpoint")
    parser.add_argument(
        "--ship", action="store_true", help="learn from all rows and write the package's weights"
    )
    return parser.parse_args(argv)


def open_tokenizer(encoder: Path) -> Tokenizer:
    """The encoder's tokenizer, without its limits."""
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def prepare(prepared: Path, shared: Path) -> None:
    """Write the sentences of the annotated articles where they are not written yet."""
    if not prepared.exists():
        command = [
            sys.executable,
            "-m",
            "training.events.prepare",
            "--shared",
            str(shared),
            "--out",
            str(prepared),
        ]
        subprocess.run(command, check=True)


def main(argv: list[str] | None = None) -> None:
    """Train, measure, finish, ship."""
    args = parse(argv)
    torch.set_num_threads(args.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder = args.encoder or minilm_folder()
    later = 1 if args.begin else 0  # a checkpoint has had its first cycle
    rates = tuple(1e-4 * 0.7 ** (k + later) for k in range(len(args.cycles)))
    frozen = tuple(2 if k + later else 0 for k in range(len(args.cycles)))
    plan = Plan(
        encoder=encoder, cycles=tuple(args.cycles), rates=rates, frozen=frozen, seed=args.seed, device=device
    )
    tokenizer = open_tokenizer(encoder)
    prepare(args.prepared, args.shared)
    rows = data.load_rows(args.shared, Path(__file__).parent.parent / "sentences", args.prepared)
    modes = sorted({mode for names in data.modes_of(rows).values() for mode in names})
    held, rest = data.hold_out(rows, FOLDS, args.fold)
    print(f"{len(rest)} rows {dict(Counter(r.source for r in rest))}, {len(held)} held out", flush=True)
    args.runs.mkdir(parents=True, exist_ok=True)
    teacher = teach(
        [r.text for r in rows if r.source in TAUGHT], encoder, tokenizer, args.runs / "teacher.pt", device
    )

    def check(net: PairNet, number: int) -> dict[str, object]:
        found = figures(held, predict(net, tokenizer, held, device))
        print(f"after round {number}: {json.dumps(found)}", flush=True)
        return found

    name = args.runs / f"fold{args.fold}-{args.seed}.pt"
    net = train(rest, plan, modes, tokenizer, teacher, name, check, args.begin)
    net = average(net, name, plan, check)
    found = check(net, sum(plan.cycles))
    name.with_suffix(".json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    torch.save({"net": net.state_dict()}, name.with_suffix(".best.pt"))
    if not args.ship:
        return
    from .ship import ship

    final = replace(plan, **FINISH)
    net = train(
        rows,
        final,
        modes,
        tokenizer,
        teacher,
        args.runs / f"all-{args.seed}.pt",
        begin=name.with_suffix(".best.pt"),
    )
    ship(net, tokenizer, rows, modes, found, args.out)


if __name__ == "__main__":
    main()
