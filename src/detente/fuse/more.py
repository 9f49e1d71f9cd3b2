"""Fusing what came to a desk, left it or changed, and touching no more of it than hangs together with that.

The outcome is what fusing the whole desk anew would give. That holds because everything is local: which pairs are
compared depends on the neighbours in blocks, groups on the part, names on the group, `about` on the document.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from detente.fuse.about import SPEAKS, act_nouns, find_subjects, is_act
from detente.fuse.blocks import WINDOW, Block, Slot, card_of, number_of, slot_of
from detente.fuse.cluster import components
from detente.fuse.incident import Known, incident_id
from detente.fuse.judgements import Judged, Records, is_human
from detente.fuse.linking import JOINS, NEARS, Group, Likes, Pair, Part, group_part, hold_groups, likes
from detente.fuse.making import Surroundings, incident_of, links_of, miss_links
from detente.fuse.score import Weights, evidence
from detente.fuse.sketch import Sketch, sketch_event
from detente.records import Card, Document, DocumentId, Event, EventId, Incident, IncidentId, Link, LinkId

_MOST = 2000  # members of a block that are fetched at once, of a greater one only neighbours; never under CROWD
Numbers = tuple[int, int]


class Held(Records, Protocol):
    """What an earlier fusing left: cards, places in blocks, incidents and links."""

    def cards(self, numbers: Sequence[int]) -> Iterable[Card]:
        """Give the cards of these numbers."""
        ...

    def cards_in(self, documents: Sequence[DocumentId]) -> Iterable[Card]:
        """Give the cards of documents, also of those that are gone."""
        ...

    def cards_of_parts(self, parts: Sequence[int]) -> Iterable[Card]:
        """Give the cards of parts."""
        ...

    def block(self, key: int, most: int) -> list[Slot]:
        """Give the places in a block, at most some."""
        ...

    def beside(self, key: int, view: str, place: Numbers, most: int, after: bool) -> list[Slot]:
        """Give the next in a block before or after a place in a view of it."""
        ...

    def incidents(self, ids: Sequence[IncidentId]) -> Iterable[Incident]:
        """Give the incidents of these ids."""
        ...

    def links_of(self, events: Sequence[EventId]) -> Iterable[Link]:
        """Give the links of events that were not withdrawn."""
        ...

    def links_to(self, incidents: Sequence[IncidentId]) -> Iterable[Link]:
        """Give the links to incidents that were not withdrawn."""
        ...

    def resolved(self) -> Mapping[LinkId, Pair]:
        """Give the events to which judgements were found to belong."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be written so that the desk is as if it had been fused anew."""

    incidents: tuple[Incident, ...]
    dissolved: tuple[IncidentId, ...]
    links: tuple[Link, ...]
    withdrawn: tuple[Link, ...]  # as they stand
    fresh: tuple[Card, ...]
    gone: tuple[Card, ...]
    moved: tuple[Card, ...]  # whose part or incident changed, and nothing else


class _Desk:
    """The desk as it will be: what is held, less the cards that are gone, with the fresh ones."""

    def __init__(self, held: Held, known: Known, weights: Weights, gone: Iterable[Card]) -> None:
        self.held, self.known, self.weights = held, known, weights
        self.gone = {card.number: card for card in gone}
        self.fresh: dict[int, Card] = {}
        self.cards: dict[int, Card] = {}
        self.events: dict[EventId, Event] = {}
        self.documents: dict[DocumentId, Document] = {}
        self._sketches: dict[EventId, Sketch] = {}
        self._evidence: dict[Numbers, int] = {}
        self._blocks: dict[int, Block | None] = {}
        self._fresh_in: defaultdict[int, list[Slot]] = defaultdict(list)
        self.gone_from: defaultdict[int, set[int]] = defaultdict(set)
        for card in self.gone.values():
            for key in card.keys:
                self.gone_from[key].add(card.number)

    def put(self, events: Sequence[Event]) -> None:
        """Put events on the desk for which there are no cards yet."""
        self.load_events(events)
        for event in events:
            if event.document in self.documents:
                card = card_of(self.sketch(event.id))
                self.fresh[card.number] = self.cards[card.number] = card
                for key in card.keys:
                    self._fresh_in[key].append(slot_of(card))

    def load(self, numbers: Iterable[int]) -> None:
        """Have the cards, events and documents of these numbers at hand."""
        wanted = set(numbers)
        unknown = sorted(n for n in wanted if n not in self.cards)
        self.cards.update((card.number, card) for card in self.held.cards(unknown) if card.number not in self.gone)
        ids = [self.cards[n].event for n in sorted(wanted) if n in self.cards]
        self.load_events(self.held.events([id for id in ids if id not in self.events]))

    def load_events(self, events: Iterable[Event]) -> None:
        """Have events and their documents at hand."""
        found = [event for event in events if event.id not in self.events]
        ids = sorted({event.document for event in found} - set(self.documents))
        self.documents.update((document.id, document) for document in self.held.documents(ids))
        self.events.update((event.id, event) for event in found)

    def sketch(self, id: EventId) -> Sketch:
        """Give the sketch of an event at hand."""
        if id not in self._sketches:
            event = self.events[id]
            self._sketches[id] = sketch_event(event, self.documents[event.document], self.known.pack)
        return self._sketches[id]

    def compare(self, pair: Numbers) -> int:
        """Give the evidence of a pair at hand."""
        if pair not in self._evidence:
            a, b = (self.sketch(self.cards[n].event) for n in pair)
            self._evidence[pair] = evidence(a, b, self.weights)
        return self._evidence[pair]

    def near(self, number: int) -> set[int]:
        """Give the numbers of the events that one is compared with."""
        slot = slot_of(self.cards[number])
        return {n for key in self.cards[number].keys for n in self._block(key, slot).near(slot)}

    def _block(self, key: int, slot: Slot) -> Block:
        if key not in self._blocks:
            rows = self.held.block(key, _MOST + len(self.gone_from[key]) + 1)
            small = len(rows) <= _MOST + len(self.gone_from[key])
            self._blocks[key] = Block(key, self._now(key, rows)) if small else None
        return self._blocks[key] or Block(key, self._now(key, self._beside(key, slot)), crowded=True)

    def _now(self, key: int, rows: Iterable[Slot]) -> list[Slot]:
        return [row for row in rows if row[2] not in self.gone_from[key]] + self._fresh_in[key]

    def _beside(self, key: int, slot: Slot) -> set[Slot]:
        most = WINDOW + len(self.gone_from[key])
        places = (("by_time", (slot[0], slot[2])), ("by_words", (slot[1], slot[2])))
        return {
            found for view, place in places for after in (False, True)
            for found in self.held.beside(key, view, place, most, after)
        }  # fmt: skip

    def shifted(self) -> set[Numbers]:
        """Give all pairs of events that stay, of which whether they are compared may have changed."""
        return set(chain.from_iterable(map(self._shifted_in, set(self.gone_from) | set(self._fresh_in))))

    def _shifted_in(self, key: int) -> Iterator[Numbers]:
        slots = [slot_of(self.gone[n]) for n in self.gone_from[key]] + self._fresh_in[key]
        rows = self.held.block(key, _MOST + len(self.gone_from[key]) + 1)
        if len(rows) > _MOST + len(self.gone_from[key]):
            for slot in slots:
                yield from Block(key, self._staying(key, self._beside(key, slot)), crowded=True).across(slot)
            return
        staying = self._staying(key, rows)
        before, now = Block(key, rows).crowded, Block(key, self._now(key, rows)).crowded
        if before and now:
            block = Block(key, staying, crowded=True)
            yield from chain.from_iterable(map(block.across, slots))
        elif before or now:
            yield from Block(key, staying).all()

    def _staying(self, key: int, rows: Iterable[Slot]) -> list[Slot]:
        return [row for row in rows if row[2] not in self.gone_from[key]]


def fuse_more(
    stale: Sequence[DocumentId], held: Held, judged: Judged, known: Known, weights: Weights
) -> Change:
    """Give what changes on a desk that was fused before, when the events of some documents changed.

    Documents that are new or gone count as changed; `judged` are all judgements as they now stand.
    """
    desk = _Desk(held, known, weights, held.cards_in(stale))
    desk.put(list(held.events_in(stale)))
    seeds = _judged_anew(held.resolved(), judged.found)
    parts, crossing = _touched(desk, seeds)
    return _Maker(desk, judged, seeds, parts, crossing).change()


def _judged_anew(before: Mapping[LinkId, Pair], now: Mapping[LinkId, Pair]) -> set[EventId]:
    """Give the events of all judgements that were made, withdrawn, lost or found since."""
    changed = {id for id in {*before, *now} if before.get(id) != now.get(id)}
    pairs = [told[id] for id in changed for told in (before, now) if id in told]
    return {event for pair in pairs for event in pair if event}


def _touched(desk: _Desk, seeds: Iterable[EventId]) -> tuple[set[int], set[int]]:
    """Give the parts that must be grouped anew, and the events whose near misses in other parts changed."""
    parts = {card.part for card in desk.gone.values()}
    fresh = {(min(n, o), max(n, o)) for n in desk.fresh for o in desk.near(n)}
    shifted = desk.shifted()
    judged = {number_of(id) for id in seeds}
    desk.load(chain(judged, chain.from_iterable(fresh), chain.from_iterable(shifted)))
    parts |= {desk.cards[n].part for n in judged if n in desk.cards and n not in desk.fresh}
    for pair in fresh:
        if desk.compare(pair) > JOINS:
            parts |= {desk.cards[n].part for n in pair if n not in desk.fresh}
    crossing: set[int] = set()
    for pair in shifted:
        ours = {desk.cards[n].part for n in pair}
        if len(ours) == 1 or desk.compare(pair) > JOINS:
            parts |= ours
        elif desk.compare(pair) >= NEARS:
            crossing |= set(pair)
    return parts, crossing


class _Maker:
    """Groups the touched parts anew and makes the records that change by it."""

    def __init__(
        self, desk: _Desk, judged: Judged, seeds: set[EventId], parts: set[int], crossing: set[int]
    ) -> None:  # fmt: skip
        self._desk, self._judged, self._seeds, self._crossing = desk, judged, seeds, crossing
        old = [card for card in desk.held.cards_of_parts(sorted(parts)) if card.part in parts]
        self._old = {card.event: card for card in old}
        self._own = {card.number: card for card in old if card.number not in desk.gone} | desk.fresh
        desk.cards.update(self._own)
        desk.load(self._own)
        self._ids = {card.event for card in self._own.values()}
        self._groups: list[Group] = []
        self._home: dict[EventId, IncidentId] = {}
        self._part_of: dict[EventId, int] = {}
        self._inner = self._compare_own()
        self._inner_like = likes(self._inner.items())
        self._group()

    def _compare_own(self) -> dict[Pair, int]:
        found: dict[Pair, int] = {}
        for number, card in self._own.items():
            for other in self._desk.near(number) & self._own.keys():
                pair = _pair(card.event, self._own[other].event)
                if pair not in found:
                    found[pair] = self._desk.compare((min(number, other), max(number, other)))
        return found

    def _group(self) -> None:
        together = [p for p in sorted(self._judged.together) if p[0] in self._ids and p[1] in self._ids]
        apart = [p for p in sorted(self._judged.apart) if p[0] in self._ids and p[1] in self._ids]
        linked = [pair for pair, odds in self._inner.items() if odds > JOINS]
        parts = components(self._ids, [*linked, *together])
        at = {EventId(id): k for k, part in enumerate(parts) for id in part}
        inner, joined, parted = (_within(pairs, at) for pairs in (self._inner, together, apart))
        for k, part in enumerate(parts):
            members = [EventId(id) for id in part]
            evidence = {pair: self._inner[pair] for pair in inner.get(k, ())}
            told = Part(events=members, evidence=evidence, together=joined.get(k, ()), apart=parted.get(k, ()))
            groups = group_part(told)
            self._groups += hold_groups(groups, evidence)
            for group in groups:
                name = incident_id((self._desk.events[id].known_at, id) for id in group)
                self._home.update(dict.fromkeys(group, name))
            self._part_of.update(dict.fromkeys(members, min(map(number_of, members))))

    def change(self) -> Change:
        """Give what is to be written."""
        moved = self._moved()
        relinked, like = self._relink(moved)
        remade = self._to_remake(moved)
        around = self._around(remade, like)
        links = {link.id: link for link in self._links(relinked, like, around)}
        standing = self._standing(relinked)
        before = {card.incident for card in self._old.values()}
        return Change(
            incidents=tuple(incident_of(group, around) for group in remade),
            dissolved=tuple(sorted(before - set(self._home.values()))),
            links=tuple(link for id, link in sorted(links.items()) if standing.get(id) != link),
            withdrawn=tuple(
                link for id, link in sorted(standing.items())
                if id not in links and self._falls(link, relinked, before)
            ),
            fresh=tuple(self._placed(card) for card in self._desk.fresh.values()),
            gone=tuple(self._desk.gone.values()),
            moved=tuple(
                placed for number, card in self._own.items()
                if number not in self._desk.fresh and (placed := self._placed(card)) != card
            ),
        )  # fmt: skip

    def _placed(self, card: Card) -> Card:
        return replace(card, part=self._part_of[card.event], incident=self._home[card.event])

    def _moved(self) -> set[EventId]:
        """Give the events that are fresh or tell of an incident of another name than before."""
        fresh = {card.event for card in self._desk.fresh.values()}
        return fresh | {id for id in self._ids if id not in fresh and self._old[id].incident != self._home[id]}

    def _relink(self, moved: set[EventId]) -> tuple[set[EventId], Likes]:
        """Give the events whose near misses are looked up anew, and what each is like."""
        desk = self._desk
        numbers = {number_of(id) for id in moved} | self._crossing
        reached = self._like_of(numbers)
        numbers |= {number_of(o) for id in moved for o in reached.get(id, ()) if o not in self._ids}
        left = moved | {card.event for card in desk.gone.values()}
        homes = {self._old[id].incident for id in left if id in self._old}
        for link in desk.held.links_to(sorted(homes)):
            if not is_human(link) and link.other in left and link.event not in self._ids | left:
                numbers.add(number_of(link.event))
        like = self._like_of(numbers)
        return {desk.cards[n].event for n in numbers}, {**self._inner_like, **like}

    def _like_of(self, numbers: Iterable[int]) -> Likes:
        """Give for each of these events all that are like it, on the whole desk."""
        desk = self._desk
        desk.load(numbers)
        near = {n: desk.near(n) for n in numbers}
        desk.load(chain.from_iterable(near.values()))
        found: Likes = {}
        for number, others in near.items():
            id = desk.cards[number].event
            told = likes(((id, desk.cards[o].event), desk.compare((min(number, o), max(number, o)))) for o in others)
            found[id] = told.get(id, {})
        return found

    def _to_remake(self, moved: set[EventId]) -> list[tuple[EventId, ...]]:
        """Give the groups whose incident is not what it was."""
        before: defaultdict[IncidentId, set[EventId]] = defaultdict(set)
        for card in self._old.values():
            before[card.incident].add(card.event)
        telling = self._speeches_about(moved) | self._seeds | {c.event for c in self._desk.fresh.values()}
        remade = [
            group.events for group in self._groups
            if before[self._home[group.events[0]]] != set(group.events) or not telling.isdisjoint(group.events)
        ]  # fmt: skip
        outside = {self._home_of(id) for id in telling if id not in self._ids} - {IncidentId("")}
        return remade + [incident.events for incident in self._desk.held.incidents(sorted(outside))]

    def _speeches_about(self, deeds: set[EventId]) -> set[EventId]:
        """Give the words, in the documents of acts that moved, that are about them."""
        events = self._desk.events
        told = {events[id].document for id in deeds if is_act(events[id].type)}
        return {
            speech for speech, about in self._subjects_in(told).items() if not deeds.isdisjoint(about)
        }  # fmt: skip

    def _subjects_in(self, documents: Iterable[DocumentId]) -> dict[EventId, list[EventId]]:
        """Give the acts that each speech of documents is about."""
        desk, by_document = self._desk, defaultdict(list)
        for event in sorted(desk.held.events_in(sorted(documents)), key=lambda event: event.id):
            by_document[event.document].append(event)
        nouns = act_nouns(desk.known.pack)
        found: defaultdict[EventId, list[EventId]] = defaultdict(list)
        for events in by_document.values():
            kinds = {event.type for event in events}
            if kinds & SPEAKS and any(map(is_act, kinds)):
                desk.load_events(events)
                for speech, deed, _ in find_subjects([desk.sketch(event.id) for event in events], nouns):
                    found[speech].append(deed)
        return found

    def _home_of(self, id: EventId) -> IncidentId:
        """Give the incident that an event tells of; of none if it is not on the desk."""
        number = number_of(id)
        if id in self._home:
            return self._home[id]
        if number not in self._desk.cards:
            self._desk.load([number])
        card = self._desk.cards.get(number)
        return card.incident if card is not None else IncidentId("")

    def _around(self, remade: Sequence[Sequence[EventId]], like: Likes) -> Surroundings:
        desk = self._desk
        own = [id for group in remade for id in group]
        desk.load(number_of(id) for id in own)
        subjects = self._subjects_in({desk.events[id].document for id in own})
        spoken: defaultdict[EventId, list[EventId]] = defaultdict(list)
        for speech, deeds in subjects.items():
            for deed in deeds:
                spoken[deed].append(speech)
        named = {*own, *chain.from_iterable(subjects.values()), *like, *chain.from_iterable(like.values())}
        desk.load(number_of(id) for id in named)
        return Surroundings(
            events=desk.events, home={id: self._home_of(id) for id in named | self._ids},
            known_at={id: event.known_at for id, event in desk.events.items()}, sketch=desk.sketch,
            known=replace(desk.known, documents=desk.documents), weights=desk.weights,
            subjects=subjects, spoken=spoken, corrections=self._judged.corrections,
        )  # fmt: skip

    def _links(self, relinked: set[EventId], like: Likes, around: Surroundings) -> Iterator[Link]:
        for group in self._groups:
            yield from links_of(group, like, around)
        for id in sorted(relinked - self._ids):
            yield from miss_links(id, like.get(id, {}), around)

    def _standing(self, relinked: set[EventId]) -> dict[LinkId, Link]:
        """Give the machine's links, not withdrawn, of all events that are looked at."""
        events = sorted(self._ids | relinked | {card.event for card in self._desk.gone.values()})
        return {link.id: link for link in self._desk.held.links_of(events) if not is_human(link)}

    def _falls(self, link: Link, relinked: set[EventId], before: set[IncidentId]) -> bool:
        """Tell whether a link that was not made again no longer holds."""
        if link.event not in self._ids:  # gone, or outside: there only near misses were looked up
            return link.event not in relinked or link.verdict != "same"
        return link.event in relinked or link.verdict == "same" or link.incident in before


def _within(pairs: Iterable[Pair], at: Mapping[EventId, int]) -> dict[int, list[Pair]]:
    """Give the pairs within each part."""
    found: defaultdict[int, list[Pair]] = defaultdict(list)
    for a, b in pairs:
        if at[a] == at[b]:
            found[at[a]].append((a, b))
    return found


def _pair(a: EventId, b: EventId) -> Pair:
    return (a, b) if a < b else (b, a)
