"""The training loop: windows of the treebanks and of the entity sets in turn, one network."""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional
from training.annotator.corpora import IGNORED, Document, Sentence, allowed_labels, windows
from training.annotator.network import Network
from training.annotator.swaps import Names as Swaps
from training.annotator.swaps import swap_all

from detente.engines.decoding import entity_tags, legal_steps
from detente.engines.wordpieces import LINE_START, Pieces, WordPieces

Check = Callable[[Network], dict[str, object]]
"""Measures a network in training."""
PIECES_PER_WINDOW = 120
PIECES_PER_BATCH = 1440
CHECK_EVERY = 500
HIDDEN_NAMES, HIDDEN_WORDS = 0.06, 0.01
"""How many words of names, and other words, are hidden in training: their place must tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run does; `seed` fixes order, cuts and dropout."""

    steps: int
    rate: float = 2e-4
    head_rate: float = 1e-3
    warmup: int = 100
    tree_shares: tuple[float, float] = (0.5, 0.35)
    """How many batches are of trees, at the beginning and at the end."""
    seed: int = 20


@dataclass(slots=True)
class Names:
    """The labels of each head, in the order of their numbers."""

    pos: list[str]
    tags: list[str]
    deps: list[str]

    def sizes(self) -> dict[str, int]:
        """How many labels each head has."""
        return {
            "pos": len(self.pos),
            "tags": len(self.tags),
            "deps": len(self.deps),
            "ner": len(entity_tags()),
        }


def names_of(documents: Sequence[Document]) -> Names:
    """All labels of the treebanks, sorted."""
    rows = [s for document in documents for s in document]
    pick = {key: sorted({x for s in rows for x in getattr(s, key)}) for key in ("pos", "tags", "deps")}
    return Names(**pick)


@dataclass(slots=True)
class Batch:
    """Windows padded to one size; what is unknown is `IGNORED`, what may be is in `allowed`."""

    pieces: Tensor
    shapes: Tensor
    firsts: Tensor
    lasts: Tensor
    words: Tensor
    sentence: Tensor
    heads: Tensor
    deps: Tensor
    pos: Tensor
    tags: Tensor
    starts: Tensor
    allowed: Tensor


_COLUMNS = (
    "pieces", "shapes", "firsts", "lasts", "words", "sentence", "heads", "deps", "pos", "tags", "starts",
)  # fmt: skip


@dataclass(slots=True)
class Encoder:
    """Turns windows of sentences into batches."""

    pieces: WordPieces
    names: Names
    rng: random.Random
    swaps: Swaps | None = None
    vary: bool = True
    _number: dict[str, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in ("pos", "tags", "deps"):
            self._number[key] = {name: at for at, name in enumerate(getattr(self.names, key))}

    def length(self, sentence: Sentence) -> int:
        """How many pieces a sentence has."""
        return sum(len(self.pieces.cut(word).ids) for word in sentence.words)

    def batches(self, documents: Sequence[Document]) -> Iterator[Batch]:
        """One pass over the documents in random order, some of their names swapped."""
        if self.swaps is not None:
            documents = swap_all(documents, self.swaps, self.rng)
        length = {id(s): self.length(s) for document in documents for s in document}
        runs = [run for d in documents for run in windows(d, PIECES_PER_WINDOW, length, self.rng)]
        runs = [run for run in runs if sum(length[id(s)] for s in run) < 400]
        size = {id(run): sum(length[id(s)] for s in run) for run in runs}
        runs.sort(key=lambda run: size[id(run)] + self.rng.randint(0, 15))
        groups: list[list[Document]] = [[]]
        for run in runs:
            if groups[-1] and (len(groups[-1]) + 1) * (size[id(run)] + 2) > PIECES_PER_BATCH:
                groups.append([])
            groups[-1].append(run)
        self.rng.shuffle(groups)
        for group in groups:
            yield self.batch(group)

    def batch(self, group: Sequence[Document]) -> Batch:
        """Pads a group of windows."""
        rows = [self._row(run) for run in group]
        long = max(len(row["pieces"]) for row in rows)
        wide = max(len(row["firsts"]) for row in rows)
        fill = {"pieces": 0, "shapes": 0, "firsts": 0, "lasts": 0, "words": 0, "sentence": -1}

        def padded(key: str) -> Tensor:
            size = long if key in {"pieces", "shapes"} else wide
            return torch.tensor(
                [row[key] + [fill.get(key, IGNORED)] * (size - len(row[key])) for row in rows]
            )

        allowed = torch.ones(len(rows), wide, len(entity_tags()), dtype=torch.bool)
        for at, row in enumerate(rows):
            for word, labels in enumerate(row["allowed"]):
                if len(labels) < allowed.shape[2]:
                    allowed[at, word] = False
                    allowed[at, word, labels] = True
        return Batch(**{key: padded(key) for key in _COLUMNS}, allowed=allowed)

    def _row(self, run: Document) -> dict[str, list]:
        row: dict[str, list] = {key: [] for key in (*_COLUMNS, "allowed")}
        row["pieces"].append(self.pieces.first)
        row["shapes"].append(0)
        for number, sentence in enumerate(run):
            self._add_sentence(row, sentence, number)
        row["pieces"].append(self.pieces.last)
        row["shapes"].append(0)
        return row

    def _add_sentence(self, row: dict[str, list], sentence: Sentence, number: int) -> None:
        offset, count = len(row["firsts"]), len(sentence.words)
        known = sentence.heads is not None
        opens = sentence.opens_line or number == 0
        style = self.rng.random() if self.vary else 1.0
        for at, word in enumerate(sentence.words):
            cut = self._hidden(self.pieces.cut(word), sentence, at)
            shape = styled(cut.shape, style) + (LINE_START if opens and at == 0 else 0)
            row["firsts"].append(len(row["pieces"]))
            row["pieces"].extend(cut.ids)
            row["shapes"].extend([shape] * len(cut.ids))
            row["lasts"].append(len(row["pieces"]) - 1)
        row["words"].extend([1] * count)
        row["sentence"].extend([number] * count)
        row["allowed"].extend(allowed_labels(sentence))
        begin = IGNORED if opens or not known else 1
        row["starts"].extend([begin, *[0 if known else IGNORED] * (count - 1)])
        if not known:
            for key in ("heads", "deps", "pos", "tags"):
                row[key].extend([IGNORED] * count)
            return
        row["heads"].extend(0 if head == 0 else offset + head for head in sentence.heads)
        for key in ("deps", "pos", "tags"):
            row[key].extend(self._number[key][name] for name in getattr(sentence, key))

    def _hidden(self, cut: Pieces, sentence: Sentence, at: int) -> Pieces:
        named = sentence.entities is not None and sentence.entities[at] != "O"
        if self.vary and self.rng.random() < (HIDDEN_NAMES if named else HIDDEN_WORDS):
            return cut._replace(ids=(self.pieces.unknown,))
        return cut


def styled(shape: int, style: float) -> int:
    """The shape a word has when its sentence is printed in capitals, in small letters or as a title."""
    if shape not in {1, 2, 3, 4, 5, 11}:
        return shape
    if style < 0.04:
        return 4 if shape == 4 else 3
    if style < 0.07:
        return 1
    if style < 0.10:
        return 2 if shape == 1 else shape
    return shape


def loss_of(network: Network, batch: Batch) -> dict[str, Tensor]:
    """The losses of one batch by question; a question without labels in the batch is left out."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states, arcs, flat = network(batch.pieces, batch.shapes, batch.firsts, batch.lasts)
    arcs, flat = arcs.float(), flat.float()
    pos, tags, starts, ner = flat.split(network.cuts, dim=-1)
    losses = {"ner": 0.5 * (_partial_loss(ner, batch) + _row_loss(ner, batch))}
    if (batch.heads != IGNORED).any():
        same = batch.sentence[:, :, None] == batch.sentence[:, None, :]
        arcs = torch.cat([arcs[:, :, :1], arcs[:, :, 1:].masked_fill(~same, -1e4)], dim=2)
        known = batch.heads != IGNORED
        losses["arc"] = functional.cross_entropy(arcs[known], batch.heads[known])
        losses["rel"] = _label_loss(network, states, batch, known)
        losses["pos"] = functional.cross_entropy(pos[known], batch.pos[known])
        losses["tag"] = functional.cross_entropy(tags[known], batch.tags[known])
        asked = batch.starts != IGNORED
        if asked.any():
            losses["start"] = functional.binary_cross_entropy_with_logits(
                starts[..., 0][asked], batch.starts[asked].float()
            )
    return losses


def _partial_loss(scores: Tensor, batch: Batch) -> Tensor:
    asked = (batch.words == 1) & ~batch.allowed.all(-1)
    if not asked.any():
        return scores.sum() * 0
    scores, allowed = scores[asked], batch.allowed[asked]
    return (scores.logsumexp(-1) - scores.masked_fill(~allowed, -1e4).logsumexp(-1)).mean()


def _row_loss(scores: Tensor, batch: Batch) -> Tensor:
    """How unlikely the allowed tag rows are among all legal ones, a word (what decoding will choose from)."""
    asked = (batch.words == 1) & ~batch.allowed.all(-1)
    if not asked.any():
        return scores.sum() * 0
    real = batch.words == 1
    given = scores.masked_fill(~batch.allowed, _UNLIKELY)
    both = torch.cat([scores, given])
    both = both.masked_fill(~torch.cat([real, real])[..., None], 0.0)
    every, allowed = _log_sums(both, torch.cat([real, real])).chunk(2)
    return (every - allowed).sum() / asked.sum()


def _log_sums(scores: Tensor, real: Tensor) -> Tensor:
    """The logarithm of the sum over all legal tag rows of each window (the forward algorithm)."""
    table, begins, ends = (torch.from_numpy(part) for part in legal_steps())
    steps = table.exp()
    best = scores[:, 0] + begins
    for word in range(1, scores.shape[1]):
        top = best.amax(-1, keepdim=True).detach()
        moved = ((best - top).exp() @ steps).clamp(min=1e-30).log() + top + scores[:, word]
        best = torch.where(real[:, word, None], moved, best)
    return (best + ends).logsumexp(-1)


def _label_loss(network: Network, states: Tensor, batch: Batch, known: Tensor) -> Tensor:
    root = network.root.expand(states.shape[0], 1, -1).to(states.dtype)
    row = torch.cat([root, states], dim=1)
    at = batch.heads.clamp(min=0).unsqueeze(-1).expand(-1, -1, row.shape[-1])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = network.labels(states[known], row.gather(1, at)[known])
    return functional.cross_entropy(scores.float(), batch.deps[known])


_UNLIKELY = -30.0
"""Added to nothing: the score of a tag that the source rules out."""
WEIGHTS = {"arc": 1.0, "rel": 1.0, "pos": 0.4, "tag": 0.4, "start": 0.8, "ner": 1.0}


def forever(encoder: Encoder, documents: Sequence[Document]) -> Iterator[Batch]:
    """Pass after pass."""
    while True:
        yield from encoder.batches(documents)


def train(
    network: Network,
    encoder: Encoder,
    trees: Sequence[Document],
    entities: Sequence[Document],
    plan: Plan,
    folder: Path,
    check: Check | None = None,
) -> None:
    """Trains until `plan.steps`, leaving a checkpoint in `folder` that a later call resumes."""
    optimizer = optimizer_of(network, plan)
    rate = [group["lr"] for group in optimizer.param_groups]
    folder.mkdir(parents=True, exist_ok=True)
    saved = folder / "last.pt"
    begin = resume(saved, network, optimizer)
    encoder.rng.seed(plan.seed + begin)
    torch.manual_seed(plan.seed + begin)
    sources = {True: forever(encoder, trees), False: forever(encoder, entities)}
    network.train()
    clock, mean, seen = time.time(), dict[str, float](), 0
    for step in range(begin, plan.steps):
        factor = schedule(step, plan)
        for group, full in zip(optimizer.param_groups, rate, strict=True):
            group["lr"] = full * factor
        first, last = plan.tree_shares
        share = first + (last - first) * step / plan.steps
        batch = next(sources[encoder.rng.random() < share])
        losses = loss_of(network, batch)
        sum(WEIGHTS[key] * loss for key, loss in losses.items()).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seen += int((batch.pieces != 0).sum())
        for key, loss in losses.items():
            mean[key] = 0.95 * mean.get(key, loss.item()) + 0.05 * loss.item()
        if (step + 1) % 50 == 0:
            shown = " ".join(f"{key} {value:.3f}" for key, value in sorted(mean.items()))
            print(
                f"step {step + 1}/{plan.steps}  {seen / (time.time() - clock):.0f} pieces/s  {shown}",
                flush=True,
            )
        ends = step + 1 == plan.steps
        if (step + 1) % CHECK_EVERY == 0 or ends:
            torch.save(
                {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1},
                saved,
            )
            if check is not None and not ends:
                print(json.dumps({"step": step + 1, **check(network)}), flush=True)
            network.train()


def optimizer_of(network: Network, plan: Plan) -> torch.optim.Optimizer:
    """AdamW with a small rate for the pretrained layers and a large one for the heads."""
    network.words.weight.requires_grad_(False)
    pretrained = [*network.layers.parameters(), *network.norm.parameters(), network.places.weight]
    inner = {id(p) for p in pretrained}
    heads = [p for p in network.parameters() if id(p) not in inner and p.requires_grad]
    return torch.optim.AdamW(
        [{"params": pretrained, "lr": plan.rate}, {"params": heads, "lr": plan.head_rate}],
        betas=(0.9, 0.98), weight_decay=0.01,
    )  # fmt: skip


def schedule(step: int, plan: Plan) -> float:
    """Linear rise, then linear fall to nearly nothing."""
    if step < plan.warmup:
        return (step + 1) / plan.warmup
    return max(0.01, (plan.steps - step) / (plan.steps - plan.warmup))


def resume(saved: Path, network: Network, optimizer: torch.optim.Optimizer | None = None) -> int:
    """Loads a checkpoint if there is one; returns the step at which to go on."""
    if not saved.exists():
        return 0
    state = torch.load(saved, weights_only=True)
    network.load_state_dict(state["network"])
    if optimizer is not None:
        optimizer.load_state_dict(state["optimizer"])
    print(f"resumed at step {state['step']}", flush=True)
    return int(state["step"])
