"""The losses of the event reader: multiple-instance ones, since annotators mark clauses and parties, not words."""

import torch
import torch.nn.functional as F
from torch import Tensor

from .data import ROLE_KINDS, STATUSES, SYMMETRIC, TYPES
from .model import EventNet
from .windows import Batch, Telling, candidate_pieces, tellings

LEAN = 1.5  # how many log-odds the lexicon's word is ahead of others when a quote's event word is looked for
Out = tuple[Tensor, ...]


def batch_loss(net: EventNet, out: Out, batch: Batch) -> Tensor:
    """Give the loss of a batch, per sentence."""
    total = torch.stack([window_loss(net, tuple(o[i] for o in out), batch, i) for i in range(len(batch.windows))]).sum()
    return total / sum(w.last - w.first for w in batch.windows)


def window_loss(net: EventNet, out: Out, batch: Batch, i: int) -> Tensor:
    """The best word of a quote must fire, words outside any quote must not; parties of the word that fires are told."""
    types, _, _, heads, tails = out
    window = batch.windows[i]
    told = tellings(batch, i)
    free = batch.content[i].unsqueeze(-1).repeat(1, len(TYPES))
    at, kind, weight = [], [], []
    loss = types.sum() * 0
    if told and not told[0].mention.type:  # a role set: its windows hold no other events
        triggers = torch.stack([t.inside[-1] for t in told])
        return loss + 0.7 * role_loss(
            net, heads[triggers], tails, candidate_pieces(batch, i), told, torch.ones(len(told))
        )
    for telling in told:
        t = TYPES.index(telling.mention.type)
        lean = types[telling.inside, t].detach() + LEAN * batch.hints[i, telling.inside, t]
        at.append(int(telling.inside[int(lean.argmax())]))
        kind.append(t)
        weight.append(1.0 if telling.mention.primary else 0.5)
        free[telling.inside, t] = False
    if told:
        where, which, much = torch.tensor(at), torch.tensor(kind), torch.tensor(weight)
        loss = loss + (much * F.softplus(-types[where, which])).sum()
        loss = loss + told_loss(out, told, where, much)
        loss = loss + 0.7 * role_loss(net, heads[where], tails, candidate_pieces(batch, i), told, much)
        if window.source.example.complete:
            loss = loss + 0.02 * inside_loss(types, told, at)
        else:
            rest = torch.ones(len(told), len(TYPES)).scatter_(1, which.unsqueeze(1), 0.0)
            loss = loss + 0.3 * (F.softplus(types[where]) * rest).sum() / len(TYPES)
    if window.source.example.complete:
        loss = loss + 0.5 * F.softplus(types[free]).sum()
    for pair in window.source.example.nothing:
        loss = loss + 0.5 * nothing_between(net, out, batch, i, pair)
    return loss


def inside_loss(types: Tensor, told: list[Telling], at: list[int]) -> Tensor:
    """Inside a quote the one best word speaks; the rest is held down gently so that peaks stay sharp."""
    parts = []
    for telling, best in zip(told, at, strict=True):
        rest = telling.inside[(telling.inside - best).abs() > 1]
        parts.append(F.softplus(types[rest, TYPES.index(telling.mention.type)]).sum())
    return torch.stack(parts).sum()


def told_loss(out: Out, told: list[Telling], where: Tensor, much: Tensor) -> Tensor:
    """Status, and whether another's word is given."""
    _, status, attributed, _, _ = out
    known = [k for k, t in enumerate(told) if t.mention.status]
    loss = status.sum() * 0
    if known:
        gold = torch.tensor([STATUSES.index(str(told[k].mention.status)) for k in known])
        each = F.cross_entropy(status[where[known]], gold, label_smoothing=0.05, reduction="none")
        loss = loss + 0.5 * (each * much[known]).sum()
    credited = [k for k, t in enumerate(told) if t.mention.attributed is not None and t.mention.primary]
    if credited:
        said = torch.tensor([float(bool(told[k].mention.attributed)) for k in credited])
        loss = loss + 0.3 * F.binary_cross_entropy_with_logits(attributed[where[credited]], said, reduction="sum")
    return loss


def role_loss(
    net: EventNet, heads: Tensor, tails: Tensor, candidates: dict[str, list[int]], told: list[Telling], much: Tensor
) -> Tensor:
    """One mention of each gold filler must fire in its role, candidates that are not gold in it must not."""
    loss = heads.sum() * 0
    for kind in ("party", "time", "place"):
        if candidates[kind]:
            logits = net.roles(heads, tails[torch.tensor(candidates[kind])])
            loss = loss + kind_loss(logits, {j: k for k, j in enumerate(candidates[kind])}, kind, told, much)
    return loss


def kind_loss(logits: Tensor, column: dict[int, int], kind: str, told: list[Telling], much: Tensor) -> Tensor:
    """The part of the role loss that candidates of one kind bear; `logits` (events, candidates, roles)."""
    hit, missed = F.softplus(-logits), torch.zeros_like(logits)
    loss = logits.sum() * 0
    for row, telling in enumerate(told):
        either = telling.mention.type in SYMMETRIC  # either side may be told as actor: only the union is sure
        for r in [r for r, k in enumerate(ROLE_KINDS) if k == kind]:
            golds = telling.mention.roles[r]
            if golds is None:
                continue
            both = either and r < 2
            known = telling.sure[0] + telling.sure[1] if both else telling.sure[r]
            spared = [int(j) for t in known for j in t] + telling.loose[r] + (telling.loose[1 - r] if both else [])
            missed[row, :, r] = (0.3 if r else 1.0) if both else 1.0 if known or not golds else 0.1
            missed[row, [column[j] for j in spared], r] = 0.0
            for pieces in () if both and r else known:
                columns = torch.tensor([column[int(j)] for j in pieces])
                loss = loss + much[row] * hit[row, columns, r].min()
    return loss + 0.5 * (F.softplus(logits) * missed * much[:, None, None]).sum()


def nothing_between(net: EventNet, out: Out, batch: Batch, i: int, pair: tuple[int, int]) -> Tensor:
    """No word may be an event with the first party as actor and the second as recipient."""
    types, _, _, heads, tails = out
    parties = batch.windows[i].source.example.candidates["party"]
    ends = [batch.place[i].get(parties[k][2]) for k in pair]
    if None in ends:
        return types.sum() * 0
    index = torch.nonzero(batch.content[i]).flatten()
    if not len(index):
        return types.sum() * 0
    roles = net.roles(heads[index], tails[torch.tensor(ends)])
    score = F.logsigmoid(types[index].max(-1).values) + F.logsigmoid(roles[:, 0, 0]) + F.logsigmoid(roles[:, 1, 1])
    return -torch.log1p(-score.max().clamp(max=-1e-4).exp())
