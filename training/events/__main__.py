"""Train the event reader and fit its judges, from the shared data to the weights that ship.

    python -m training.events --shared ../shared

Steps: sentence examples (prepare), training with a tenth of the articles held out, export to 8-bit
ONNX (export), weights of roles and candidates fitted on the held-out articles (judge).
"""

import argparse
import math
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from training.annotator.minilm import minilm_folder

from . import data, judge, prepare
from .data import STATUSES, SYMMETRIC, TYPES, Example, Mention, Span
from .export import export_reader
from .model import EventNet

LENGTH = 128
Schedule = torch.optim.lr_scheduler.LambdaLR


class Batch:
    """Sentences as padded pieces, with the mask of pieces that begin a word."""

    def __init__(self, tokenizer: Tokenizer, texts: list[str]) -> None:
        encodings = tokenizer.encode_batch(texts)
        size = max(len(e.ids) for e in encodings)
        self.ids = torch.tensor([e.ids + [0] * (size - len(e.ids)) for e in encodings])
        self.mask = torch.tensor([e.attention_mask + [0] * (size - len(e.ids)) for e in encodings])
        self.offsets = [e.offsets for e in encodings]
        self.words = torch.zeros(len(texts), size, dtype=torch.bool)
        for i, (text, offsets) in enumerate(zip(texts, self.offsets, strict=True)):
            for j, (a, b) in enumerate(offsets):
                self.words[i, j] = b > a and text[a].isalnum() and (a == 0 or not text[a - 1].isalnum())

    def pieces(self, i: int, span: Span) -> list[int]:
        """Indices of word-initial pieces of sentence i inside a character span."""
        return [j for j, (a, b) in enumerate(self.offsets[i])
                if b > a and a < span[1] and b > span[0] and self.words[i, j]]  # fmt: skip


def role_loss(
    net: EventNet, heads: Tensor, tails: Tensor, batch: Batch, i: int, at: int, event: Mention
) -> Tensor:
    """Binary cross-entropy of actor and recipient for one trigger; near neighbours of a name are left out."""
    logits = net.roles(heads[i, at], tails[i])
    target, weight = torch.zeros_like(logits), batch.words[i].float().unsqueeze(-1).repeat(1, 2)
    for r, spans in enumerate((event.actors, event.recipients)):
        named = {j for span in spans for j in batch.pieces(i, span)}
        if not named:
            weight[:, r] *= 0.05
        near = {k for j in named for k in range(j - 3, j + 4)} - named
        for j in near:
            if 0 <= j < len(weight):
                weight[j, r] = 0.0
        for j in named:
            target[j, r], weight[j, r] = 1.0, 3.0 / len(named)
    for j in {j for span in event.loose for j in batch.pieces(i, span)}:
        weight[j] = torch.where(target[j] > 0, weight[j], torch.zeros(2))
    if event.type in SYMMETRIC:  # either side may be told as actor: only the union is sure
        both = (target[:, 0] + target[:, 1]) > 0
        target[both, 0] = 1.0
        weight[:, 1] = torch.where(both, torch.zeros_like(weight[:, 1]), weight[:, 1] * 0.3)
    return (F.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight).sum() / 6


def sentence_loss(net: EventNet, out: tuple[Tensor, ...], batch: Batch, i: int, example: Example) -> Tensor:
    """Multiple-instance loss: the best word of a quote must fire, words outside any quote must not."""
    types, status, attributed, heads, tails = out
    logits, words = types[i], batch.words[i]
    loss = logits.sum() * 0
    free = words.unsqueeze(-1).repeat(1, len(TYPES))
    for event in sorted(example.events, key=lambda e: not e.primary):
        t = TYPES.index(event.type)
        inside = batch.pieces(i, event.quote) if event.quote else None
        if inside is None:
            parties = {j for s in event.actors + event.recipients for j in batch.pieces(i, s)}
            inside = [j for j in torch.nonzero(words).flatten().tolist() if j not in parties]
        if not inside:
            continue
        index = torch.tensor(inside)
        at = inside[int(logits[index, t].argmax())]
        weight = 1.0 if event.primary else 0.5
        loss = loss + weight * F.binary_cross_entropy_with_logits(logits[at, t], torch.tensor(1.0))
        if event.quote is None:
            others = torch.arange(len(TYPES)) != t
            loss = loss + 0.3 * F.binary_cross_entropy_with_logits(
                logits[at][others], torch.zeros(len(TYPES) - 1)
            )
        for j in inside:
            free[j, t] = False
        # inside a quote the one best word speaks; the rest is held down gently so that peaks stay sharp
        rest = torch.tensor([j for j in inside if abs(j - at) > 1], dtype=torch.long)
        if len(rest) and event.quote:
            loss = loss + 0.02 * F.softplus(logits[rest, t]).sum()
        if event.status:
            loss = loss + 0.5 * weight * F.cross_entropy(
                status[i, at].unsqueeze(0), torch.tensor([STATUSES.index(event.status)]), label_smoothing=0.05)  # fmt: skip
        if event.attributed is not None and event.primary:
            loss = loss + 0.3 * F.binary_cross_entropy_with_logits(
                attributed[i, at], torch.tensor(float(event.attributed))
            )
        loss = loss + 0.7 * role_loss(net, heads, tails, batch, i, at, event)
    if example.complete:
        loss = loss + F.softplus(logits[free]).sum() * 0.5
    for pair in example.pairs_none:
        loss = loss + 0.5 * nothing_between(net, out, batch, i, pair)
    return loss


def nothing_between(
    net: EventNet, out: tuple[Tensor, ...], batch: Batch, i: int, pair: tuple[Span, Span]
) -> Tensor:
    """No word may be an event with the first party as actor and the second as recipient."""
    types, _, _, heads, tails = out
    s, t = (batch.pieces(i, span) for span in pair)
    if not s or not t:
        return types[i].sum() * 0
    index = torch.nonzero(batch.words[i]).flatten()
    score = F.logsigmoid(types[i, index].max(-1).values)
    for r, party in enumerate((s, t)):
        roles = (heads[i, index, r] @ tails[i, torch.tensor(party), r].T) / heads.shape[
            -1
        ] ** 0.5 + net.role_bias[r]
        score = score + F.logsigmoid(roles.max(-1).values)
    return -torch.log1p(-score.max().clamp(max=-1e-4).exp())


def batches(examples: list[Example], size: int, rng: random.Random) -> list[list[Example]]:
    examples = sorted(examples, key=lambda e: len(e.text) + rng.random() * 40)
    out = [examples[k : k + size] for k in range(0, len(examples), size)]
    rng.shuffle(out)
    return out


@torch.no_grad()
def predict(
    net: EventNet, tokenizer: Tokenizer, examples: list[Example]
) -> list[list[tuple[str, float, int]]]:
    """Per example: (type, probability, piece) of its best word for each type."""
    net.eval()
    order = sorted(range(len(examples)), key=lambda k: len(examples[k].text))
    out: list[list[tuple[str, float, int]]] = [[] for _ in examples]
    for k in range(0, len(order), 64):
        part = order[k : k + 64]
        batch = Batch(tokenizer, [examples[p].text for p in part])
        types = net(batch.ids, batch.mask)[0].float()
        types = types.masked_fill(~batch.words.unsqueeze(-1), -30.0)
        best, at = types.max(1)
        for row, p in enumerate(part):
            out[p] = [(TYPES[t], float(best[row, t].sigmoid()), int(at[row, t])) for t in range(len(TYPES))]
    net.train()
    return out


def type_f1(examples: list[Example], predictions: list[list[tuple[str, float, int]]]) -> tuple[float, float]:
    """Best F1 over thresholds on (sentence, type) pairs, and its threshold; `also` mentions are not counted."""
    best = (0.0, 0.5)
    for threshold in [x / 20 for x in range(4, 16)]:
        hit = made = gold = 0
        for example, predicted in zip(examples, predictions, strict=True):
            must = {e.type for e in example.events if e.primary}
            may = {e.type for e in example.events}
            got = {t for t, p, _ in predicted if p >= threshold}
            hit, gold = hit + len(got & must), gold + len(must)
            made += len(got - (may - must))
        if hit:
            p, r = hit / made, hit / gold
            best = max(best, (2 * p * r / (p + r), threshold))
    return best


def load_training(
    shared: Path, prepared: Path, held_share: float, seed: int
) -> tuple[list[Example], list[Example]]:
    """Give sentences to train on and held-out ones: whole documents, real ones only."""
    articles = data.load_prepared(prepared)
    stories = [e for e in articles if e.group.startswith("story")]
    train, held = data.hold_out(
        [e for e in articles if not e.group.startswith("story")], held_share, seed=seed
    )
    rng = random.Random(seed)
    train = [e for e in train + stories if e.events or rng.random() < 0.6]
    train += data.load_plv(shared / "data/relations/PLV_train.clean.tsv")
    train += data.load_sentences(Path(__file__).parent.parent / "sentences")
    return train, held


def train(args: argparse.Namespace, encoder: Path) -> Path:
    """Train and give the checkpoint; a run that was cut off goes on where it stood with `--resume`."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.enable_truncation(LENGTH)
    tokenizer.no_padding()
    sentences, held = load_training(args.shared, args.runs / "examples.jsonl", args.held, args.seed)
    print(f"{len(sentences)} sentences to train on, {len(held)} held out", flush=True)
    net = EventNet(str(encoder))
    optimiser, schedule = optimiser_of(net, args.lr, args.epochs * math.ceil(len(sentences) / args.batch))
    checkpoint, first = args.runs / "last.pt", 0
    if checkpoint.exists() and args.resume:
        state = torch.load(checkpoint, weights_only=False)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["epoch"] + 1
    for epoch in range(first, args.epochs):
        loss = one_epoch(net, tokenizer, batches(sentences, args.batch, rng), optimiser, schedule, epoch)
        f1, threshold = type_f1(held, predict(net, tokenizer, held))
        print(
            f"epoch {epoch} loss {loss:.4f} held-out (sentence, type) F1 {f1:.3f} at {threshold:.2f}",
            flush=True,
        )
        torch.save({"net": net.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(),
                    "epoch": epoch, "held_out_type_f1": f1}, checkpoint)  # fmt: skip
    return Path(checkpoint)


def optimiser_of(net: EventNet, rate: float, steps: int) -> tuple[torch.optim.Optimizer, Schedule]:
    """AdamW with a small rate for the encoder (its word vectors stay) and a tenfold one for the heads."""
    for p in net.encoder.embeddings.parameters():
        p.requires_grad_(False)
    inner = [p for p in net.encoder.parameters() if p.requires_grad]
    heads = [p for n, p in net.named_parameters() if not n.startswith("encoder")]
    optimiser = torch.optim.AdamW(
        [{"params": inner, "lr": rate}, {"params": heads, "lr": 10 * rate}], weight_decay=0.01
    )
    return optimiser, Schedule(optimiser, lambda s: min(1, (s + 1) / 100) * max(0.02, 1 - s / steps))


def one_epoch(
    net: EventNet, tokenizer: Tokenizer, parts: list[list[Example]], optimiser: torch.optim.Optimizer,
    schedule: Schedule, epoch: int,
) -> float:  # fmt: skip
    """Train once over all batches; give the mean loss."""
    net.train()
    start, seen, total = time.time(), 0, 0.0
    for k, part in enumerate(parts):
        batch = Batch(tokenizer, [e.text for e in part])
        with torch.autocast("cpu", torch.bfloat16):
            out = net(batch.ids, batch.mask)
        floats = tuple(o.float() for o in out)
        loss = torch.stack([sentence_loss(net, floats, batch, i, e) for i, e in enumerate(part)]).sum() / len(
            part
        )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        total, seen = total + float(loss.detach()) * len(part), seen + len(part)
        if k % 40 == 0:
            print(
                f"  epoch {epoch}, batch {k} of {len(parts)}, {seen / (time.time() - start):.1f} sentences/s",
                flush=True,
            )
    return total / max(1, seen)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", default="../shared", type=Path)
    parser.add_argument(
        "--runs", default="training/runs/events", type=Path, help="where examples and checkpoints are kept"
    )
    parser.add_argument(
        "--out", default="src/detente/models", type=Path, help="gets the folders events and judgement"
    )
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--held", type=float, default=0.1, help="share of the articles kept for checks and for the judges"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    args = parser.parse_args()
    if not (args.shared / "gold").is_dir():
        raise SystemExit(
            f"{args.shared}/gold: not there; give --shared the folder that holds gold/ and data/"
        )
    encoder = minilm_folder()
    prepare.write_examples(args.shared, args.runs / "examples.jsonl")
    export_reader(train(args, encoder), encoder, args.out / "events")
    judge.fit(args.shared, args.runs / "examples.jsonl", args.held, args.seed, args.out / "judgement")


if __name__ == "__main__":
    main()
