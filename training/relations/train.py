"""The training loop: rounds over drawn rows, checkpoints, and the losses of what the rows know."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from detente.engines.marks import Mark, mark_pieces

from .augment import Variety
from .data import LABELS, STATUSES, Row, draw
from .model import PairNet

SMOOTH = 0.05
STYLED_WEIGHT = 0.4  # of rows that are not Zero-Shot-PLOVER's own
SOME_WEIGHT = 4.0  # its rows are one in fifteen
WARM_STEPS = 60
Vectors = dict[str, Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train: the knobs of one run."""

    encoder: Path
    cycles: tuple[int, ...] = (3, 3)  # rounds of each; the rate falls to nearly nothing in each
    rates: tuple[float, ...] = (1e-4, 7e-5)
    frozen: tuple[int, ...] = (0, 2)  # the lowest layers that rest in a cycle
    batch: int = 24
    seed: int = 1
    vector_weight: float = 3.0
    device: str = "cpu"

    def cycle_at(self, number: int) -> int:
        """The cycle of a round."""
        return sum(number > end for end in sorted(self.ends()))

    def rate_at(self, place: float) -> float:
        """The rate after `place` rounds (a fraction counts): falling within its cycle."""
        cycle = self.cycle_at(int(place))
        done = (place - sum(self.cycles[:cycle])) / self.cycles[cycle]
        return self.rates[cycle] * max(0.02, 1 - done)

    def ends(self) -> set[int]:
        """The numbers of the rounds that end a cycle."""
        return {sum(self.cycles[: k + 1]) - 1 for k in range(len(self.cycles))}


class Item(NamedTuple):
    row: Row
    pieces: list[int]


class Losses(NamedTuple):
    """The parts of a batch's loss, each a scalar."""

    types: Tensor
    status: Tensor
    modes: Tensor
    some: Tensor
    vector: Tensor


def item_of(tokenizer: Tokenizer, row: Row) -> Item:
    encoding = tokenizer.encode(row.text, add_special_tokens=False)
    return Item(row, mark_pieces(encoding.ids, encoding.offsets, row.marks))


def pad(rows: Sequence[list[int]], device: str = "cpu") -> tuple[Tensor, Tensor]:
    """Piece numbers (B, L), 0 where a row has ended, and the mask of pieces."""
    size = max(map(len, rows))
    ids = torch.tensor([r + [0] * (size - len(r)) for r in rows], device=device)
    return ids, (ids > 0).long()


def batches(items: list[Item], size: int, rng: random.Random) -> list[list[Item]]:
    """Rows of like length together, in any order."""
    items.sort(key=lambda item: len(item.pieces) + rng.random() * 10)
    parts = [items[k : k + size] for k in range(0, len(items), size)]
    rng.shuffle(parts)
    return parts


def losses_of(out: tuple[Tensor, ...], rows: Sequence[Row], modes: Sequence[str], teacher: Vectors) -> Losses:
    """The mean losses over what the rows of a batch know."""
    types, styled, status, mode, some, vector = (o.float() for o in out)
    device = types.device
    weight = torch.tensor([row.weight for row in rows], device=device)
    type_loss = _label_loss(types, [row.types for row in rows]) * weight
    share = torch.tensor([1.0 if row.source == "plv" else STYLED_WEIGHT for row in rows], device=device)
    type_loss = type_loss + _label_loss(styled, [row.styled for row in rows]) * weight * share
    right = _numbers([STATUSES.index(row.status) if row.status else -1 for row in rows], device)
    status_loss = (
        F.cross_entropy(status, right, ignore_index=-1, reduction="none", label_smoothing=SMOOTH) * weight
    )
    number = {name: k for k, name in enumerate(modes)}
    right = _numbers([number.get(row.mode or "", -1) for row in rows], device)
    mode_loss = F.cross_entropy(mode, right, ignore_index=-1, reduction="none") * weight
    asked = torch.tensor([row.some is not None for row in rows], device=device)
    yes = torch.tensor([float(row.some or False) for row in rows], device=device)
    some_loss = F.binary_cross_entropy_with_logits(some, yes, reduction="none") * asked * SOME_WEIGHT
    taught = [k for k, row in enumerate(rows) if row.text in teacher]
    wanted = torch.stack([teacher[rows[k].text] for k in taught] or [vector[0].detach().cpu()]).to(device)
    vector_loss = 1 - F.cosine_similarity(vector[taught or [0]], wanted.float())
    return Losses(
        type_loss.mean(), status_loss.mean(), mode_loss.mean(), some_loss.mean(), vector_loss.mean()
    )


def _label_loss(logits: Tensor, labels: Sequence[tuple[str, ...]]) -> Tensor:
    """For each row the cost of not giving one of the admissible labels; 0 where none is known."""
    fit = torch.tensor([[label in names for label in LABELS] for names in labels], device=logits.device)
    logp = F.log_softmax(logits, -1)
    hit = torch.logsumexp(logp.masked_fill(~fit, -1e4), -1)
    return -((1 - SMOOTH) * hit + SMOOTH * logp.mean(-1)) * fit.any(-1)


def _numbers(values: Sequence[int], device: torch.device) -> Tensor:
    return torch.tensor(values, device=device)


def total(losses: Losses, vector_weight: float) -> Tensor:
    return (losses.types + 0.6 * losses.status + 0.3 * losses.modes + losses.some
            + vector_weight * losses.vector)  # fmt: skip


def optimiser_of(net: PairNet) -> torch.optim.Optimizer:
    """AdamW: upper layers learn faster than lower ones, heads faster still, the vocabulary not at all.

    A group's `share` is that of the plan's rate at which it learns.
    """
    for p in net.encoder.embeddings.parameters():
        p.requires_grad_(False)
    layers = net.encoder.encoder.layer
    groups = [{"params": list(layer.parameters()), "share": 0.9 ** (len(layers) - 1 - k)}
              for k, layer in enumerate(layers)]  # fmt: skip
    heads = [p for name, p in net.named_parameters() if not name.startswith("encoder")]
    return torch.optim.AdamW([*groups, {"params": heads, "share": 5.0}], weight_decay=0.01, fused=True)


def _rest(net: PairNet, layers: int) -> None:
    """Let the lowest layers rest: a third less work where two of six do."""
    for k, layer in enumerate(net.encoder.encoder.layer):
        layer.requires_grad_(k >= layers)


def _rounds(
    rows: Sequence[Row], tokenizer: Tokenizer, plan: Plan, first: int
) -> Iterator[tuple[int, list[list[Item]]]]:
    variety = Variety(rows)
    for number in range(first, sum(plan.cycles)):
        rng = random.Random(f"{plan.seed}-{number}")
        drawn = draw(rows, rng)
        items = [item_of(tokenizer, variety.vary(row, rng)) for row in drawn + variety.turned(drawn, rng)]
        yield number, batches(items, plan.batch, rng)


def train(
    rows: Sequence[Row],
    plan: Plan,
    modes: Sequence[str],
    tokenizer: Tokenizer,
    teacher: Vectors,
    checkpoint: Path,
    check: Callable[[PairNet, int], object] | None = None,
    begin: Path | None = None,
) -> PairNet:
    """Train a network on the rows.

    Goes on from `checkpoint` where that is of the same plan, else begins with the weights in `begin`,
    else with the encoder's; calls `check` after each round; the weights at the end of each cycle are
    kept for `average`.
    """
    torch.manual_seed(plan.seed)
    net = PairNet(str(plan.encoder), len(modes)).to(plan.device)
    if begin is not None:
        net.load_state_dict(torch.load(begin, weights_only=True)["net"])
    optimiser = optimiser_of(net)
    first, step = _resume(checkpoint, plan, net, optimiser)
    for number, parts in _rounds(rows, tokenizer, plan, first):
        net.train()
        _rest(net, plan.frozen[plan.cycle_at(number)])
        start, seen = time.time(), 0
        sums = torch.zeros(5)
        for done, part in enumerate(parts, 1):
            rate = plan.rate_at(number + (done - 1) / len(parts)) * min(1.0, (step + 1) / WARM_STEPS)
            for group in optimiser.param_groups:
                group["lr"] = rate * group["share"]
            ids, mask = pad([item.pieces for item in part], plan.device)
            with torch.autocast(plan.device, torch.bfloat16):
                out = net(ids, mask)
            losses = losses_of(out, [item.row for item in part], modes, teacher)
            total(losses, plan.vector_weight).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            step, seen = step + 1, seen + len(part)
            sums += torch.stack(losses).detach().cpu()
            if done % 50 == 0:
                line = " ".join(
                    f"{n} {v:.3f}" for n, v in zip(Losses._fields, (sums / done).tolist(), strict=True)
                )
                speed = seen / (time.time() - start)
                print(f"round {number} {done}/{len(parts)} {line} {speed:.0f} rows/s", flush=True)
        torch.save({"plan": str(plan), "round": number + 1, "step": step, "net": net.state_dict(),
                    "optimiser": optimiser.state_dict()}, checkpoint)  # fmt: skip
        if number in plan.ends():
            torch.save({"net": net.state_dict()}, _cycle_end(checkpoint, number))
        if check is not None:
            check(net, number)
    return net


def _cycle_end(checkpoint: Path, number: int) -> Path:
    return checkpoint.with_suffix(f".end{number}.pt")


def average(
    net: PairNet, checkpoint: Path, plan: Plan, check: Callable[[PairNet, int], dict[str, object]]
) -> PairNet:
    """The mean of the weights at the ends of the cycles where the check likes it better than the last,
    else the last."""
    ends = [torch.load(_cycle_end(checkpoint, k), weights_only=True)["net"] for k in sorted(plan.ends())]
    if len(ends) < 2:
        return net
    last = check(net, sum(plan.cycles) - 1)
    mean = {name: sum(end[name].float() for end in ends) / len(ends) if value.is_floating_point() else value
            for name, value in ends[-1].items()}  # fmt: skip
    net.load_state_dict(mean)
    if goodness(check(net, sum(plan.cycles))) < goodness(last):
        net.load_state_dict(ends[-1])
    return net


def goodness(found: Mapping[str, Any]) -> float:
    """The mean of the figures that the targets name."""
    none = found["cameo_some_f1"]["none"]
    return (
        float(found["plv_styled"] + found["own_types"] + found["own_status"] + found["gold_status"] + none)
        / 5
    )


def _resume(checkpoint: Path, plan: Plan, net: PairNet, optimiser: torch.optim.Optimizer) -> tuple[int, int]:
    """The round and step to go on from: those of a checkpoint of the same plan, else the first."""
    if not checkpoint.exists():
        return 0, 0
    saved = torch.load(checkpoint, weights_only=True)
    if saved["plan"] != str(plan):
        return 0, 0
    net.load_state_dict(saved["net"])
    optimiser.load_state_dict(saved["optimiser"])
    print(f"going on after round {saved['round'] - 1} of {checkpoint}", flush=True)
    return saved["round"], saved["step"]


@torch.no_grad()
def teach(
    texts: Sequence[str], encoder: Path, tokenizer: Tokenizer, cache: Path | None, device: str
) -> Vectors:
    """The original encoder's sentence vectors (unit length), computed once and kept in `cache` if given."""
    from transformers import AutoModel

    known: Vectors = torch.load(cache, weights_only=True) if cache and cache.exists() else {}
    missing = sorted({text for text in texts if text not in known}, key=len)
    if missing:
        net = AutoModel.from_pretrained(str(encoder), add_pooling_layer=False).to(device).eval()
    for k in range(0, len(missing), 64):
        part = missing[k : k + 64]
        ids, mask = pad([item_of(tokenizer, plain_row(text)).pieces for text in part], device)
        with torch.autocast(device, torch.bfloat16):
            hidden = net(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        mean = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        known |= dict(zip(part, F.normalize(mean).half().cpu(), strict=True))
        print(f"teacher {k + len(part)}/{len(missing)}", end="\r", flush=True)
    if cache:
        torch.save(known, cache)
    return known


def plain_row(text: str, marks: tuple[Mark, ...] = ()) -> Row:
    return Row(text=text, marks=marks, source="", group="")
