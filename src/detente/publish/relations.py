"""Standing relations as lines, to stand beside a dyad: what ties its sides, and what ties each to others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.packs import Pack
from detente.publish.entries import cite_span, name_outlet
from detente.publish.parties import name_side
from detente.publish.sentences import clean_text, join_names, name_actor, name_when, shorten
from detente.records import Count, Document, DocumentId, Line, Relation, RelationKind, Stance, When

MOST_CITATIONS = 6
_WORDS: dict[RelationKind, str] = {
    "arms": "{s} supplies arms to {o}", "trade": "{s} sells to {o}", "backs": "{s} backs {o}",
    "treaty": "{s} and {o} are bound by {w}", "member": "{s} is a member of {o}",
}  # fmt: skip
_SAYS: dict[Stance, str] = {"asserts": "according to {}", "accuses": "as alleged by {}"}
KIND_WORDS: dict[RelationKind, str] = {
    "arms": "arms", "trade": "trade", "backs": "patron and proxy", "treaty": "treaty", "member": "membership",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One relation as its documents tell it: the sides that it ties, and its line."""

    kind: RelationKind
    sides: tuple[str, ...]  # in alphabetical order, as dyads are named
    line: Line
    told: int  # documents, copies left out


def gather_ties(
    relations: Iterable[Relation], documents: Mapping[DocumentId, Document], pack: Pack | None = None
) -> tuple[Tie, ...]:
    """Give each relation once, however many documents tell it: the same ends, share and years."""
    groups: dict[tuple[object, ...], list[Relation]] = {}
    for each in sorted(relations, key=lambda r: (r.known_at, r.document, r.span, r.id)):
        if each.document in documents and _is_within(each, documents[each.document]):
            groups.setdefault(_key(each), []).append(each)
    ties = [_tie(_without_echoes(group, documents), documents, pack) for group in _merged(groups)]
    return tuple(sorted(ties, key=lambda tie: (tie.sides, list(_WORDS).index(tie.kind), tie.line.text)))


def _is_within(relation: Relation, document: Document) -> bool:
    return 0 <= relation.span.start < relation.span.end <= len(document.text)


def _key(each: Relation) -> tuple[object, ...]:
    names = (clean_text(each.subject.name), clean_text(each.object.name))
    ends = tuple(sorted(names)) if each.kind == "treaty" else names
    stance = each.attribution.stance if each.attribution else "asserts"
    figure = (each.share.low, each.share.high) if each.share else None
    treaty = each.what.casefold() if each.kind == "treaty" else ""
    return each.kind, *ends, treaty, stance in ("denies", "doubts"), figure, each.when


def _merged(groups: Mapping[tuple[object, ...], list[Relation]]) -> list[list[Relation]]:
    """Give the groups, those that tell neither figure nor years put with one that does."""
    full = {key: list(group) for key, group in groups.items() if key[-2] is not None or key[-1] is not None}
    for key, group in groups.items():
        home = next((kept for other, kept in full.items() if other[:-2] == key[:-2]), None)
        if key not in full:
            if home is None:
                full[key] = list(group)
            else:
                home.extend(group)
    return list(full.values())


def _without_echoes(group: Sequence[Relation], documents: Mapping[DocumentId, Document]) -> list[Relation]:
    originals = [each for each in group if documents[each.document].copy_of not in documents]
    return originals or list(group)


def _tie(group: Sequence[Relation], documents: Mapping[DocumentId, Document], pack: Pack | None) -> Tie:
    first = group[0]
    citations = dict.fromkeys(cite_span(documents[each.document], each.span) for each in group)
    sides = tuple(sorted({name_side(first.subject, pack), name_side(first.object, pack)}))
    return Tie(
        kind=first.kind, sides=sides, told=len({each.document for each in group}),
        line=Line(text=write_tie(first, documents[first.document]), citations=tuple(citations)[:MOST_CITATIONS]),
    )  # fmt: skip


def write_tie(relation: Relation, document: Document) -> str:
    """Give a relation as a sentence, with its figure, its years and on whose word it stands."""
    parts = [_trade(relation) if relation.kind == "trade" else _bond(relation), _years(relation, document)]
    said = relation.attribution
    if said is not None and said.stance in ("denies", "doubts"):
        parts[0] = f"{name_actor(said.speaker)} {said.stance} that {parts[0]}"
    elif said is not None:
        parts.append(_SAYS[said.stance].format(name_actor(said.speaker)))
    sentence = ", ".join(part for part in parts if part)
    return sentence[:1].upper() + sentence[1:] + "."


def _bond(relation: Relation) -> str:
    subject, object_ = name_actor(relation.subject), name_actor(relation.object)
    text = _WORDS[relation.kind].format(s=subject, o=object_, w=_treaty(relation.what))
    return f"{text}: {_per_cent(relation.share)} of the {clean_text(relation.share.what)}" if relation.share else text


def _trade(relation: Relation) -> str:
    subject, object_, share = name_actor(relation.subject), name_actor(relation.object), relation.share
    goods = shorten(clean_text(relation.what), 60)
    if share is None:
        return f"{subject} is {object_}’s {goods}" if goods.endswith("partner") else f"{subject} sells {goods} to {object_}"
    if share.unit != "per cent":
        return f"trade between {subject} and {object_} came to {_sum(share)}"
    noun, _, owner = clean_text(share.what).rpartition(" of ")
    if owner == clean_text(relation.object.name):
        return f"{subject} supplies {_per_cent(share)} of the {noun} of {object_}"
    return f"{subject} sells {_per_cent(share)} of its {noun} to {object_}"


def _treaty(what: str) -> str:
    words = shorten(clean_text(what), 90)
    if words.lower().startswith("the "):
        words = words[4:]
    return f"the {words}" if words[:1].isupper() else f"a {words}"


def _per_cent(share: Count) -> str:
    number = f"up to {share.high}" if share.low == 0 else f"at least {share.low}" if share.high is None else f"{share.low}"
    return f"{number} per cent"


def _sum(share: Count) -> str:
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if share.low >= size:
            return f"{share.low / size:g} {word} {share.unit}"
    return f"{share.low:,} {share.unit}"


def _years(relation: Relation, document: Document) -> str:
    when = relation.when
    if when is not None:
        told = name_when(when)
        return "" if told in relation.what else told
    if relation.kind == "treaty":
        return ""
    if document.published is None:
        return "date not told"
    on = "on" if _is_a_day(document.published) else "in"
    return f"as told {on} {name_when(document.published)}"


def _is_a_day(when: When) -> bool:
    return when.earliest.date() == when.latest.date()


def ties_of(dyad: Sequence[str], ties: Iterable[Tie], most: int) -> tuple[tuple[Tie, ...], int]:
    """Give the ties to show beside a dyad, those between its sides first, and how many are left out."""
    own = [tie for tie in ties if len(dyad) > 1 and set(tie.sides) == set(dyad)]
    near = [tie for tie in ties if tie not in own and set(tie.sides) & set(dyad)]
    near.sort(key=lambda tie: (("backs", "arms", "treaty", "trade", "member").index(tie.kind), -tie.told, tie.line.text))
    found = own + near
    return tuple(found[:most]), max(0, len(found) - most)


def name_tellers(ties: Iterable[Tie], documents: Mapping[DocumentId, Document]) -> str:
    """Give who tells some ties."""
    ids = dict.fromkeys(c.document for tie in ties for c in tie.line.citations)
    return join_names([name_outlet(documents[id]) for id in ids])
