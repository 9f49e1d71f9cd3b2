"""The training loop of the event reader: rounds over moving windows, averaged weights, checkpoints."""

import math
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.annotator.minilm import minilm_folder

from . import data
from .loss import batch_loss
from .model import EventNet, fresh_net
from .windows import (
    Batch,
    Prepared,
    candidate_pieces,
    group_windows,
    label_lists,
    make_batch,
    prepare_example,
    sample_windows,
    tellings,
)

PIECES = 2600  # of a batch
KEPT = 0.998  # of the averaged weights at each step
LEVEL = 3  # epochs at the end that learn mostly from real articles
REST = 0.3  # share of all else that these still see


class Averaged:
    """Weights averaged over the last steps: steadier than the last ones."""

    def __init__(self, net: EventNet) -> None:
        self.state = {k: v.clone() for k, v in net.state_dict().items()}
        self.steps = 0

    def update(self, net: EventNet) -> None:
        self.steps += 1
        kept = min(KEPT, (1 + self.steps) / (10 + self.steps))
        for k, v in net.state_dict().items():
            self.state[k].lerp_(v, 1 - kept)


def tokenizer() -> Tokenizer:
    """Give MiniLM's tokenizer without its cuts and paddings."""
    made = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    made.no_truncation()
    made.no_padding()
    return made


def optimiser_of(net: EventNet, rate: float) -> torch.optim.Optimizer:
    """AdamW: a small rate for the encoder (its word vectors stay), lower in lower layers, a tenfold one for the heads."""
    net.words.weight.requires_grad_(False)
    net.places.weight.requires_grad_(False)
    groups = [{"params": layer.parameters(), "lr": rate * 0.9 ** (len(net.layers) - 1 - k)} for k, layer in enumerate(net.layers)]
    inner = {id(p) for g in groups for p in net.layers.parameters()} | {id(net.words.weight), id(net.places.weight)}
    heads = [p for p in net.parameters() if id(p) not in inner]
    groups = [{"params": list(g["params"]), "lr": g["lr"]} for g in groups]
    return torch.optim.AdamW([*groups, {"params": heads, "lr": 8 * rate}], weight_decay=0.01)


def train_reader(
    train: Sequence[data.Example], held: Sequence[data.Example], runs: Path, *, epochs: int, rate: float, seed: int, resume: bool
) -> Path:
    """Train and give the checkpoint; after each round the figures on the held-out articles are printed."""
    torch.manual_seed(seed)
    checkpoint, first = runs / "last.pt", 0
    state = torch.load(checkpoint, weights_only=False) if resume and checkpoint.exists() else None
    labels = state["labels"] if state else label_lists(train)
    pieces = tokenizer()
    sources = [prepare_example(e, pieces, labels) for e in train]
    checks = [prepare_example(e, pieces, labels) for e in held]
    net = fresh_net([len(labels[f]) for f in labels])
    optimiser, averaged = optimiser_of(net, rate), Averaged(net)
    steps = sum(math.ceil(1.08 * sum(s.size for s in drawn(sources, k, epochs, seed)) / PIECES) for k in range(epochs))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min(1, (s + 1) / 100) * max(0.02, 1 - s / steps))
    if state:
        net.load_state_dict(state["live"])
        averaged.state, averaged.steps = state["net"], state["steps"]
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["epoch"] + 1
    for epoch in range(first, epochs):
        rng = random.Random(seed * 1000 + epoch)
        loss = one_epoch(net, averaged, drawn(sources, epoch, epochs, seed), rng, optimiser, schedule, epoch)
        best = fresh_net([len(labels[f]) for f in labels])
        best.load_state_dict(averaged.state)
        print(f"epoch {epoch} loss {loss:.4f} held-out {figures(best, checks)}", flush=True)
        torch.save({
            "net": averaged.state, "live": net.state_dict(), "steps": averaged.steps, "epoch": epoch, "labels": labels,
            "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(),
        }, checkpoint.with_suffix(".new"))  # fmt: skip
        checkpoint.with_suffix(".new").replace(checkpoint)
    return checkpoint


def drawn(sources: Sequence[Prepared], epoch: int, epochs: int, seed: int) -> list[Prepared]:
    """Give what an epoch learns from: all in the first ones; in the last LEVEL real articles and a share of the rest.

    Invented pieces are denser in events than news; at the end the network learns how dense news is.
    """
    if epoch < epochs - LEVEL:
        return list(sources)
    rng = random.Random(seed * 1000 + epoch + 500)
    return [s for s in sources if data.is_article(s.example) or rng.random() < REST]


def one_epoch(
    net: EventNet, averaged: Averaged, sources: Sequence[Prepared], rng: random.Random,
    optimiser: torch.optim.Optimizer, schedule: Any, epoch: int,
) -> float:  # fmt: skip
    """Train once over all windows; give the mean loss."""
    net.train()
    batches = group_windows(list(sample_windows(sources, rng)), PIECES, rng)
    start, total, seen = time.time(), 0.0, 0
    for k, windows in enumerate(batches):
        batch = make_batch(windows, rng)
        loss = batch_loss(net, forward(net, batch), batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        averaged.update(net)
        total, seen = total + float(loss.detach()), seen + batch.ids.numel()
        if k % 20 == 0:
            speed = seen / (time.time() - start)
            print(f"  epoch {epoch}, batch {k} of {len(batches)}, {speed:.0f} pieces/s, loss {total / (k + 1):.3f}", flush=True)
    return total / len(batches)


def forward(net: EventNet, batch: Batch) -> tuple[Tensor, ...]:
    """Give the network's answers for a batch in floats."""
    with torch.autocast("cpu", torch.bfloat16):
        out = net(batch.ids, batch.features, batch.hints)
    return tuple(o.float() for o in out)


@torch.no_grad()
def figures(net: EventNet, checks: Sequence[Prepared]) -> str:
    """Give F1 of (sentence, type) pairs at its best threshold, and how often the first party of an event is a gold one."""
    net.eval()
    rng = random.Random(0)
    windows = [w for group in group_windows(list(sample_windows(checks, rng)), 4000, rng) for w in group]
    gold: dict[tuple[int, int, int], bool] = {}
    best: dict[tuple[int, int, int], float] = {}
    hits, asked = [0] * len(data.ROLES), [0] * len(data.ROLES)
    for start in range(0, len(windows), 12):
        batch = make_batch(windows[start : start + 12])
        out = forward(net, batch)
        for i, window in enumerate(batch.windows):
            types = out[0][i].masked_fill(~batch.content[i].unsqueeze(-1), -30.0)
            at = {j: word for word, j in batch.place[i].items()}
            sentence = {k: s for s, (a, b) in enumerate(window.source.example.sentences) for k in range(a, b)}
            for j in torch.nonzero(types.max(-1).values > -2.5).flatten().tolist():
                for t in torch.nonzero(types[j] > -2.5).flatten().tolist():
                    key = (id(window.source), sentence[at[j]], t)
                    best[key] = max(best.get(key, -9.0), float(types[j, t]))
            pieces = candidate_pieces(batch, i)
            for telling in tellings(batch, i):
                t = data.TYPES.index(telling.mention.type)
                where = int(telling.inside[int(types[telling.inside, t].argmax())])
                for j in telling.inside.tolist():
                    key = (id(window.source), sentence[at[j]], t)
                    if j == where or key not in gold:
                        gold[key] = gold.get(key, False) or (telling.mention.primary and j == where)
                for r, kind in enumerate(data.ROLE_KINDS):
                    both = r < 2 and telling.mention.type in data.SYMMETRIC
                    known = telling.sure[0] + telling.sure[1] if both else telling.sure[r]
                    if not known or (both and r):
                        continue
                    logits = net.roles(out[3][i][where].unsqueeze(0), out[4][i][torch.tensor(pieces[kind])])[0]
                    asked[r] += 1
                    hits[r] += pieces[kind][int(logits[:, r].argmax())] in {int(j) for t in known for j in t}
    net.train()
    must, may = {k for k, primary in gold.items() if primary}, set(gold)
    found = (0.0, 0.0)
    for cut in (-2.0, -1.5, -1.0, -0.7, -0.4, -0.1, 0.2, 0.5):
        got = {k for k, v in best.items() if v >= cut}
        hit = len(got & must)
        if hit:
            p, r = hit / len(got - (may - must)), hit / len(must)
            found = max(found, (2 * p * r / (p + r), cut))
    first = ", ".join(f"{role} {h / max(1, n):.3f} of {n}" for role, h, n in zip(data.ROLES, hits, asked, strict=True))
    return f"(sentence, type) F1 {found[0]:.3f} at {found[1]}; likeliest filler right: {first}"
