"""Train the relation classifier: `python -m training.relations --shared ../shared --encoder DIR`."""

import argparse
import json
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from . import data
from .data import LABELS, QUAD, STATUSES, Row
from .model import MARKS, PairNet

LENGTH = 96


def pieces_of(tokenizer: Tokenizer, row: Row) -> list[int]:
    """Give the pieces of a sentence with the marks around its parties."""
    cuts = sorted([(s, m) for span, a, b in ((row.source, "s", "/s"), (row.target, "t", "/t")) if span
                   for s, m in ((span[0], a), (span[1], b))])  # fmt: skip
    ids, at = [101], 0
    for position, mark in cuts:
        ids += tokenizer.encode(row.text[at:position], add_special_tokens=False).ids
        ids.append(MARKS[mark])
        at = position
    ids += tokenizer.encode(row.text[at:], add_special_tokens=False).ids
    return [*ids[: LENGTH - 1], 102]


def pad(rows: Sequence[list[int]]) -> tuple[Tensor, Tensor]:
    size = max(map(len, rows))
    ids = torch.tensor([r + [0] * (size - len(r)) for r in rows])
    return ids, (ids > 0).long()


def loss_of(out: tuple[Tensor, ...], rows: Sequence[Row], modes: dict[str, int]) -> Tensor:
    """Sum the losses of what each row knows."""
    types, status, mode, some, _ = (o.float() for o in out)
    logp = F.log_softmax(types, -1)
    loss = types.sum() * 0
    for i, row in enumerate(rows):
        if row.types:
            index = torch.tensor([LABELS.index(t) for t in row.types])
            loss = loss - row.weight * (0.95 * torch.logsumexp(logp[i, index], 0) + 0.05 * logp[i].mean())
            if row.source is None:
                continue
            loss = (
                loss
                + 0.2
                * F.binary_cross_entropy_with_logits(some[i], torch.tensor(float(row.types != ("NONE",))))
                * 0
            )
        if row.status:
            loss = loss + 0.5 * row.weight * F.cross_entropy(
                status[i : i + 1], torch.tensor([STATUSES.index(row.status)])
            )
        if row.mode and row.types and row.mode in modes:
            loss = loss + 0.3 * F.cross_entropy(mode[i : i + 1], torch.tensor([modes[row.mode]]))
        if row.some is not None:
            loss = loss + 0.6 * F.binary_cross_entropy_with_logits(some[i], torch.tensor(float(row.some)))
    return loss / len(rows)


def train(
    rows: list[Row], args: argparse.Namespace, modes: dict[str, int], tokenizer: Tokenizer, say: str = ""
) -> PairNet:
    """Train a fresh network on the rows."""
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    net = PairNet(args.encoder, len(modes))
    for p in net.encoder.embeddings.parameters():
        p.requires_grad_(False)
    inner = [p for p in net.encoder.parameters() if p.requires_grad]
    heads = [p for n, p in net.named_parameters() if not n.startswith("encoder")]
    optimiser = torch.optim.AdamW(
        [{"params": inner, "lr": args.lr}, {"params": heads, "lr": 5 * args.lr}], weight_decay=0.01
    )
    steps = args.epochs * math.ceil(len(rows) / args.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1, (s + 1) / 60) * max(0.02, 1 - s / steps)
    )
    encoded = [(r, pieces_of(tokenizer, r)) for r in rows]
    start, seen = time.time(), 0
    for epoch in range(args.epochs):
        net.train()
        encoded.sort(key=lambda e: len(e[1]) + rng.random() * 12)
        parts = [encoded[k : k + args.batch] for k in range(0, len(encoded), args.batch)]
        rng.shuffle(parts)
        total = 0.0
        for part in parts:
            ids, mask = pad([p for _, p in part])
            with torch.autocast("cpu", torch.bfloat16):
                out = net(ids, mask)
            loss = loss_of(out, [r for r, _ in part], modes)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step(), optimiser.zero_grad(), schedule.step()
            total, seen = total + float(loss.detach()), seen + len(part)
        print(
            f"{say} epoch {epoch} loss {total / len(parts):.3f} {seen / (time.time() - start):.0f} rows/s",
            flush=True,
        )
    return net


@torch.no_grad()
def predict(net: PairNet, tokenizer: Tokenizer, rows: Sequence[Row]) -> list[tuple[Tensor, Tensor, float]]:
    """Give for each row the log-probabilities of types, of statuses, and the probability of some event."""
    net.eval()
    out = []
    for k in range(0, len(rows), 64):
        types, status, _, some, _ = net(*pad([pieces_of(tokenizer, r) for r in rows[k : k + 64]]))
        out += list(
            zip(F.log_softmax(types, -1), F.log_softmax(status, -1), some.sigmoid().tolist(), strict=True)
        )
    return out


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """Give the mean F1 over gold labels of (predicted, gold) pairs."""
    hit, made, gold = Counter(), Counter(), Counter()
    for p, g in pairs:
        made[p] += 1
        gold[g] += 1
        hit[g] += p == g
    return sum(2 * hit[g] / (made[g] + gold[g]) for g in gold) / len(gold)


def root(label: str) -> str:
    return "YIELD" if label in data.YIELD else label


def figures(net: PairNet, tokenizer: Tokenizer, rows: Sequence[Row]) -> dict[str, float]:
    """Measure on held-out rows: root and quad macro-F1 of pairs that have a type, none-vs-some, status."""
    out = predict(net, tokenizer, rows)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row, (types, status, some) in zip(rows, out, strict=True):
        kind = row.group[:3]
        if row.types and row.source:
            best = (
                LABELS[int(types[:-1].argmax())]
                if row.types != ("NONE",) and kind == "plv"
                else LABELS[int(types.argmax())]
            )
            found[f"{kind} root"].append((root(best), root(row.types[0])))
            if kind == "plv":
                found["plv quad"].append((str(QUAD[best]), str(QUAD[row.types[0]])))
            if kind == "own":
                found["own none"].append((str(best == "NONE"), str(row.types == ("NONE",))))
        if row.status and row.types:
            found[f"{kind} status"].append((STATUSES[int(status.argmax())], row.status))
        if row.some is not None:
            found["cameo none"].append((str(some > 0.5), str(row.some)))
    return {k: round(macro_f1(v), 4) for k, v in found.items()}


def load_rows(shared: Path, own: Path, prepared: Path) -> list[Row]:
    relations = shared / "data/relations"
    rows = data.load_plv(relations / "PLV_train.clean.tsv") + data.load_cameo(
        relations / "cameo_class_train.clean.tsv"
    )
    rows += data.load_sentences(own / "sentences") + data.load_stories(relations / "synthetic_stories.csv")
    if prepared.exists():
        rows += data.load_gold(prepared)
    return rows


def fold_of(group: str, folds: int) -> int:
    import zlib

    return zlib.crc32(group.encode()) % folds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", default="../shared", type=Path)
    parser.add_argument("--encoder", required=True)
    parser.add_argument("--prepared", default="training/runs/events/examples.jsonl", type=Path)
    parser.add_argument("--runs", default="training/runs/relations", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument(
        "--fold", type=int, action="append", help="folds to check on; without it train on all rows"
    )
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tokenizer = Tokenizer.from_file(str(Path(args.encoder) / "tokenizer.json"))
    tokenizer.no_truncation(), tokenizer.no_padding()
    rows = load_rows(args.shared, Path(__file__).parent.parent, args.prepared)
    modes = {m: k for k, m in enumerate(sorted({r.mode for r in rows if r.mode}))}
    print(len(rows), "rows", Counter(r.group[:3] for r in rows), len(modes), "modes", flush=True)
    args.runs.mkdir(parents=True, exist_ok=True)
    for fold in args.fold or ():
        held = [r for r in rows if r.group != "story" and fold_of(r.group, args.folds) == fold]
        rest = [r for r in rows if r.group == "story" or fold_of(r.group, args.folds) != fold]
        net = train(rest, args, modes, tokenizer, f"fold {fold}")
        print("fold", fold, json.dumps(figures(net, tokenizer, held)), flush=True)
    if not args.fold:
        net = train(rows, args, modes, tokenizer)
        torch.save({"net": net.state_dict(), "modes": list(modes)}, args.runs / "final.pt")


if __name__ == "__main__":
    main()
