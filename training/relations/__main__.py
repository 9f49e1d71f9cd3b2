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
from .card import write_card
from .figures import figures, likeness, predict
from .model import PairNet
from .ship import ship
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
    parser.add_argument("--cycles", type=int, nargs="+", default=[3, 4], help="rounds of each cycle")
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


def plan_of(args: argparse.Namespace) -> Plan:
    """The plan that the options ask for; a run that begins with a checkpoint has had its first cycle."""
    later = 1 if args.begin else 0
    return Plan(
        encoder=args.encoder or minilm_folder(),
        cycles=tuple(args.cycles),
        rates=tuple(1e-4 * 0.7 ** (k + later) for k in range(len(args.cycles))),
        frozen=tuple(2 if k + later else 0 for k in range(len(args.cycles))),
        seed=args.seed,
        device="cuda" if torch.cuda.is_available() else "cpu",
    )


def main(argv: list[str] | None = None) -> None:
    """Train, measure; with `--ship` finish on all rows and write the model folder."""
    args = parse(argv)
    torch.set_num_threads(args.threads)
    plan = plan_of(args)
    tokenizer = open_tokenizer(plan.encoder)
    prepare(args.prepared, args.shared)
    rows = data.load_rows(args.shared, Path(__file__).parent.parent / "sentences", args.prepared)
    modes = sorted({mode for names in data.modes_of(rows).values() for mode in names})
    held, rest = data.hold_out(rows, FOLDS, args.fold)
    print(f"{len(rest)} rows {dict(Counter(r.source for r in rest))}, {len(held)} held out", flush=True)
    args.runs.mkdir(parents=True, exist_ok=True)
    cache = args.runs / "teacher.pt"
    teacher = teach([r.text for r in rows if r.source in TAUGHT], plan.encoder, tokenizer, cache, plan.device)

    def check(net: PairNet, number: int) -> dict[str, object]:
        found = figures(held, predict(net, tokenizer, held, plan.device))
        print(f"after round {number}: {json.dumps(found)}", flush=True)
        return found

    name = args.runs / f"fold{args.fold}-{args.seed}.pt"
    net = train(rest, plan, modes, tokenizer, teacher, name, check, args.begin)
    net = average(net, name, plan, check)
    found = check(net, sum(plan.cycles))
    name.with_suffix(".json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    best = name.with_suffix(".best.pt")
    torch.save({"net": net.state_dict()}, best)
    if args.ship:
        final, path = replace(plan, **FINISH), args.runs / f"all-{args.seed}.pt"
        net = train(rows, final, modes, tokenizer, teacher, path, begin=best)
        ship(net, tokenizer, rows, modes, args.out)
        found |= likeness(args.out, args.shared, plan.encoder, tokenizer)
        write_card(args.out, rows, found, len(held))


if __name__ == "__main__":
    main()
