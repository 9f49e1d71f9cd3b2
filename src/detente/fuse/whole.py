"""Fusing a whole desk in bounded memory: sketches on a shelf, pairs as numbers, records a batch at a time."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from detente.fuse.about import act_nouns, find_subjects
from detente.fuse.blocks import Codes, Stacked, all_pairs, card_of
from detente.fuse.cluster import find_root
from detente.fuse.incident import Known, incident_id
from detente.fuse.judgements import Judged, Records
from detente.fuse.linking import JOINS, NEARS, Pair, Part, group_part, hold_groups, likes
from detente.fuse.making import Surroundings, incident_of, links_of
from detente.fuse.score import Weights, evidence
from detente.fuse.shelf import Shelf
from detente.fuse.sketch import Sketch, sketch_event
from detente.records import Card, Document, DocumentId, Event, EventId, Incident, IncidentId, Link

Report = tuple[Document, Sequence[Event]]
Tick = Callable[[str, int, int | None], None]
Numbers = NDArray[np.int32]
_BATCH = 1000  # events of which records are made at a time
_EVERY = 10_000  # events between two words on how far it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Records made of some parts of a desk."""

    incidents: tuple[Incident, ...]
    links: tuple[Link, ...]
    cards: tuple[Card, ...]


class _Ties:
    """Pairs of places, found by either end."""

    def __init__(self, ends: Numbers, others: Numbers, values: Numbers | None = None) -> None:
        order = np.argsort(ends, kind="stable")
        self._ends, self._others = ends[order], others[order]
        self._values = values[order] if values is not None else None

    def of(self, place: int) -> list[int]:
        """Give the other ends of the pairs of a place."""
        found: list[int] = self._others[self._range(place)].tolist()
        return found

    def valued(self, place: int) -> list[tuple[int, int]]:
        """Give the other ends with the values of the pairs."""
        at = self._range(place)
        values = self._values[at].tolist() if self._values is not None else []
        return list(zip(self._others[at].tolist(), values, strict=True))

    def _range(self, place: int) -> slice:
        first, last = np.searchsorted(self._ends, (place, place + 1)) if len(self._ends) else (0, 0)
        return slice(int(first), int(last))


class Whole:
    """All events of a desk, sketched, grouped, and ready to be made into records.

    Events are numbered by their place in the order in which they came; nothing that is given depends on it.
    """

    def __init__(
        self, reports: Iterable[Report], judged: Judged, known: Known, weights: Weights, tick: Tick | None = None
    ) -> None:  # fmt: skip
        self._known, self._judged, self._weights = known, judged, weights
        self._tick: Tick = tick or (lambda *_: None)
        self._shelf, self.blocks = Shelf(), Stacked()
        self._ids: list[EventId] = []
        self._documents: list[DocumentId] = []
        self._known_at: list[datetime] = []
        self._starts = array("q", [0])
        self._gather(reports)
        codes, odds = self._score()
        self._part(codes, odds)
        self._group()

    def __len__(self) -> int:
        return len(self._ids)

    def _gather(self, reports: Iterable[Report]) -> None:
        nouns, pack = act_nouns(self._known.pack), self._known.pack
        speeches, deeds = array("i"), array("i")
        for document, events in reports:
            first = len(self._ids)
            sketches = [sketch_event(event, document, pack) for event in events]
            for sketch in sketches:
                self._add(sketch)
            at = {sketch.id: first + k for k, sketch in enumerate(sketches)}
            for speech, deed, _ in find_subjects(sketches, nouns):
                speeches.append(at[speech])
                deeds.append(at[deed])
        ours, theirs = (np.frombuffer(a, np.int32) if a else _none() for a in (speeches, deeds))
        self._subjects, self._spoken = _Ties(ours, theirs), _Ties(theirs, ours)

    def _add(self, sketch: Sketch) -> None:
        card = card_of(sketch)
        self._shelf.add(sketch)
        self.blocks.add(card)
        self._ids.append(sketch.id)
        self._documents.append(sketch.document)
        self._known_at.append(sketch.known_at)
        self._starts.append(len(self.blocks.keys))
        if len(self._ids) % _EVERY == 0:
            self._tick("sketched", len(self._ids), None)

    def _score(self) -> tuple[Codes, Numbers]:
        """Give the pairs that are compared, and the evidence of each."""
        codes, size, open = all_pairs(self.blocks), len(self), self._shelf.open
        odds = np.zeros(len(codes), np.int32)
        for first in range(0, len(codes), _EVERY * 10):
            some = codes[first : first + _EVERY * 10].tolist()
            told = [evidence(open(c // size), open(c % size), self._weights) for c in some]
            odds[first : first + len(some)] = told
            self._tick("compared", first + len(some), len(codes))
        return codes, odds

    def _part(self, codes: Codes, odds: Numbers) -> None:
        """Find the parts, and sort the evidence within each apart from that between them."""
        size = max(1, len(self))
        a, b = (codes // size).astype(np.int32), (codes % size).astype(np.int32)
        joined = odds > JOINS
        judged = self._judged.together | self._judged.apart
        place = self._places(chain.from_iterable(judged))
        together = [(place[x], place[y]) for x, y in self._judged.together if x in place and y in place]
        root = list(range(len(self)))
        for x, y in chain(zip(a[joined].tolist(), b[joined].tolist(), strict=True), together):
            p, q = find_root(root, x), find_root(root, y)
            if p != q:
                root[max(p, q)] = min(p, q)
        self._home_part = np.array([find_root(root, x) for x in range(len(self))], np.int32)
        self._members = np.argsort(self._home_part, kind="stable").astype(np.int32)
        inner = self._home_part[a] == self._home_part[b]
        near = ~inner & (odds >= NEARS)
        ends, others = (np.concatenate(both) for both in ((a[near], b[near]), (b[near], a[near])))
        self._near = _Ties(ends, others, np.tile(odds[near], 2))
        a, b, odds = a[inner], b[inner], odds[inner]
        order = np.argsort(self._home_part[a], kind="stable")
        self._inner = a[order], b[order], odds[order]
        self._inner_part = self._home_part[self._inner[0]]
        self._pairs_judged: defaultdict[int, list[Pair]] = defaultdict(list)
        for x, y in sorted(judged):
            if x in place and y in place and self._home_part[place[x]] == self._home_part[place[y]]:
                self._pairs_judged[int(self._home_part[place[x]])].append((x, y))

    def _places(self, events: Iterable[EventId]) -> dict[EventId, int]:
        wanted = set(events)
        return {id: at for at, id in enumerate(self._ids) if id in wanted} if wanted else {}

    def _group(self) -> None:
        """Give each event its group, and each group its incident's name."""
        self._group_of = np.zeros(len(self), np.int32)
        self._names: list[IncidentId] = []
        self._numbers = np.zeros(len(self), np.int64)
        for members in self._parts():
            at = {self._ids[m]: m for m in members}
            self._numbers[members] = min(self.blocks.numbers[m] for m in members)
            for group in group_part(self._described(members)):
                self._group_of[[at[id] for id in group]] = len(self._names)
                self._names.append(incident_id((self._known_at[at[id]], id) for id in group))

    def _parts(self) -> Iterator[list[int]]:
        parts = self._home_part[self._members]
        cuts = np.flatnonzero(parts[1:] != parts[:-1]) + 1
        for members in np.split(self._members, cuts) if len(self) else ():
            yield members.tolist()

    def _described(self, members: list[int]) -> Part:
        names = [self._ids[m] for m in members]
        if len(members) == 1:
            return Part(events=names)
        pairs = self._pairs_judged.get(int(self._home_part[members[0]]), ())
        return Part(
            events=names, evidence=self._evidence(members[0], dict(zip(members, names, strict=True))),
            together=[p for p in pairs if p in self._judged.together],
            apart=[p for p in pairs if p in self._judged.apart],
        )  # fmt: skip

    def _evidence(self, member: int, told: Mapping[int, EventId]) -> dict[Pair, int]:
        """Give the evidence within the part of a member, by ids."""
        part = self._home_part[member]
        first, last = np.searchsorted(self._inner_part, (part, part + 1))
        a, b, odds = (column[first:last].tolist() for column in self._inner)
        names = ((told[x], told[y]) for x, y in zip(a, b, strict=True))
        return {(min(p), max(p)): value for p, value in zip(names, odds, strict=True)}

    def batches(self, records: Records) -> Iterator[Batch]:
        """Give incidents, links and cards of some parts after others; `records` gives the events again."""
        some: list[list[int]] = []
        done = made = 0
        for members in self._parts():
            some.append(members)
            done += len(members)
            if done - made >= _BATCH or done == len(self):
                yield self._batch(some, records)
                self._tick("written", done, len(self))
                some, made = [], done

    def _batch(self, parts: list[list[int]], records: Records) -> Batch:
        own = [m for members in parts for m in members]
        near = {m: self._near.valued(m) for m in own}
        subjects, spoken = ({m: t.of(m) for m in own} for t in (self._subjects, self._spoken))
        events, at = self._around(own, near, subjects, spoken, records)
        around = Surroundings(
            events=events, home={id: self._name(m) for id, m in at.items()},
            known_at={id: self._known_at[m] for id, m in at.items()},
            sketch=lambda id: self._shelf.open(at[id]),
            known=self._with_documents(events.values(), records), weights=self._weights,
            subjects=self._named(subjects), spoken=self._named(spoken), corrections=self._judged.corrections,
        )  # fmt: skip
        incidents: list[Incident] = []
        links: list[Link] = []
        for members in parts:
            self._make(members, near, around, incidents, links)
        return Batch(incidents=tuple(incidents), links=tuple(links), cards=tuple(map(self._card, own)))

    def _around(
        self, own: list[int], near: Mapping[int, list[tuple[int, int]]], subjects: Mapping[int, list[int]],
        spoken: Mapping[int, list[int]], records: Records,
    ) -> tuple[dict[EventId, Event], dict[EventId, int]]:  # fmt: skip
        """Give the events of a batch with those that speak of them, and the places of all that it names."""
        words = {s for told in spoken.values() for s in told}
        others = {y for told in near.values() for y, _ in told} | {d for told in subjects.values() for d in told}
        wanted = sorted({self._ids[m] for m in chain(own, words)})
        at = {self._ids[m]: m for m in chain(own, words, others)}
        return {event.id: event for event in records.events(wanted)}, at

    def _with_documents(self, events: Iterable[Event], records: Records) -> Known:
        ids = sorted({event.document for event in events})
        return replace(self._known, documents={d.id: d for d in records.documents(ids)})

    def _named(self, ties: Mapping[int, list[int]]) -> dict[EventId, list[EventId]]:
        return {self._ids[m]: [self._ids[o] for o in told] for m, told in ties.items() if told}

    def _name(self, place: int) -> IncidentId:
        return self._names[int(self._group_of[place])]

    def _make(
        self, members: list[int], near: Mapping[int, list[tuple[int, int]]], around: Surroundings,
        incidents: list[Incident], links: list[Link],
    ) -> None:  # fmt: skip
        told = {m: self._ids[m] for m in members}
        groups: dict[int, list[EventId]] = {}
        for m in members:
            groups.setdefault(int(self._group_of[m]), []).append(self._ids[m])
        inner = self._evidence(members[0], told) if len(members) > 1 else {}
        outer = (((told[m], self._ids[y]), odds) for m in members for y, odds in near[m])
        like = likes(chain(inner.items(), outer))
        for group in hold_groups([tuple(sorted(ids)) for ids in groups.values()], inner):
            incidents.append(incident_of(group.events, around))
            links.extend(links_of(group, like, around))

    def _card(self, place: int) -> Card:
        blocks, first, last = self.blocks, self._starts[place], self._starts[place + 1]
        return Card(
            number=blocks.numbers[place], event=self._ids[place], document=self._documents[place],
            keys=tuple(blocks.keys[first:last]), by_time=blocks.by_time[place], by_words=blocks.by_words[place],
            part=int(self._numbers[place]), incident=self._name(place),
        )  # fmt: skip


def _none() -> Numbers:
    return np.zeros(0, np.int32)
