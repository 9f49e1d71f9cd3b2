"""Fusing what changed gives what fusing all anew gives: with judgements, removed and re-read documents, any order."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from detente import desk as desk_module
from detente.desk import Desk
from detente.fuse import (
    Whole,
    fuse_events,
    fuse_more,
    is_human,
    judge,
    known_with,
    merge,
    read_judgements,
    split,
)
from detente.fuse import more as more_module
from detente.fuse.score import shipped_weights
from detente.packs import Pack, load_pack
from detente.records import Actor, Card, Document, Event, EventType, Incident, Link
from detente.settings import Settings
from tests.fuse.reports import DAY, PORT, RURITANIA, SYLDAVIA, actor, day_of, document, event, raid

_PACK = load_pack(())
_DEEDS: tuple[tuple[str, EventType, str], ...] = (
    ("gunboats shelled the harbour", "ASSAULT", "shelled"),
    ("marines stormed the customs house", "ASSAULT", "stormed"),
    ("police detained six dockers", "COERCE", "detained"),
    ("engineers repaired the lighthouse", "AID", "repaired"),
)
_WORDS: tuple[tuple[str, EventType, str], ...] = (
    ("ministers condemned the shelling of the harbour", "ACCUSE", "condemned"),
    ("envoys discussed the detained dockers", "CONSULT", "discussed"),
    ("spokesmen denied that marines stormed anything", "REJECT", "denied"),
)
_BORDURIA = actor("Borduria", "BOR")


class _FusingDesk(Desk):
    """A desk without packs: documents and events are put on it as the test has them."""

    def pack(self) -> Pack:
        return _PACK


class _World:
    """A desk under change, and all that is needed to fuse it anew beside it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.desk = _FusingDesk(folder, Settings(desk=str(folder)))
        self.chance, self.made, self.clock = chance, 0, 0

    def report(self, name: str) -> None:
        """Put a report on the desk, or read one anew: a page with one document, and what it tells."""
        chance = self.chance
        told = chance.choices(_DEEDS, (6, 2, 1, 1), k=1) + chance.choices(_WORDS, k=chance.choice((0, 0, 1, 2)))
        quotes = [f"the {what} at Port Zenda, bureau {chance.randrange(9)} said" for what, _, _ in told]
        lead = "" if chance.random() < 0.7 else "Updated. "
        text = lead + " ".join(f"{quote[0].upper()}{quote[1:]}." for quote in quotes)
        known = chance.randrange(4)
        page = document(name, text, known)
        known_at = replace(page, known_at=DAY + timedelta(days=known, seconds=chance.randrange(5)))
        found = [self._event(known_at, text, kind, trigger) for _, kind, trigger in told]
        with self.desk.store.writing() as writing:
            writing.put_documents(known_at.page, [known_at])
            writing.put_events(known_at.id, list({e.id: e for e in found}.values()))
            writing.unmark("fuse", "all")

    def _event(self, page: Document, text: str, kind: EventType, trigger: str) -> Event:
        chance = self.chance
        start = next(s for s in text.split(". ") if trigger in s)
        doers: tuple[Actor, ...] = (chance.choice((RURITANIA, RURITANIA, RURITANIA, _BORDURIA)),)
        when = day_of(chance.choice((0, 0, 0, 0, 1, 2, 30, 400)), chance.choice((0.99, 0.99, 0.99, 29, 360)))
        killed = chance.choice((None, None, 3, 30))
        place = PORT if chance.random() < 0.8 else None
        return event(page, start.rstrip("."), kind, doers, (SYLDAVIA,), when, place, killed=killed, trigger=trigger)

    def remove(self) -> None:
        """Take a document away."""
        pages = self.desk.store.keys(Document, "page")
        if pages:
            with self.desk.store.writing() as writing:
                writing.put_documents(self.chance.choice(pages)[0], [])
                writing.unmark("fuse", "all")

    def copy(self) -> None:
        """Find that one document is the copy of another."""
        documents = list(self.desk.store.find(Document))
        if len(documents) > 1:
            one, other = self.chance.sample(documents, 2)
            with self.desk.store.writing() as writing:
                writing.replace_documents([replace(one, copy_of=other.id)])
                writing.unmark("fuse", "all")

    def judge(self) -> None:
        """Have a person merge, split or correct something."""
        self.clock += 1
        at = DAY + timedelta(days=99, seconds=self.clock)
        documents = {d.id: d for d in self.desk.store.find(Document)}
        incidents = list(self.desk.store.find(Incident))
        if not incidents:
            return
        one, other = (list(self.desk.store.each(Event, self.chance.choice(incidents).events)) for _ in "ab")
        if one and len(one) > 1 and self.chance.random() < 0.4:
            made = split(one[-1], one, documents, by="Ana", why="another", at=at)
        elif one and other and one != other and self.chance.random() < 0.6:
            made = merge(one[:2], other[:2], documents, by="Ana", why="one", at=at)
        elif one:
            told = judge(one[0], None, "same", documents, by="Ana", why="list", at=at, field="killed", value="4")
            made = (told,)
        else:
            return
        with self.desk.store.writing() as writing:
            writing.add_links(made)
            writing.unmark("fuse", "all")

    def undo(self) -> None:
        """Withdraw one judgement."""
        standing = [k for k in self.desk.judgements() if k.withdrawn_at is None]
        if standing:
            with self.desk.store.writing() as writing:
                writing.withdraw_link(self.chance.choice(standing).id, DAY + timedelta(days=200))
                writing.unmark("fuse", "all")

    def act(self) -> None:
        """Do one thing."""
        kind = self.chance.choices(("add", "again", "remove", "copy", "judge", "undo"), (8, 2, 2, 1, 4, 1))[0]
        if kind == "add":
            for _ in range(self.chance.choice((1, 1, 3, 9))):
                self.made += 1
                self.report(f"R{self.made}")
        elif kind == "again" and self.made:
            self.report(f"R{self.chance.randrange(self.made) + 1}")
        elif kind != "again":
            getattr(self, kind)()


def _state(desk: Desk) -> tuple[list[Incident], list[Link], list[Card]]:
    """Give what the desk holds: incidents, the machine's links that stand, cards."""
    links = [k for k in desk.store.find(Link) if not is_human(k) and k.withdrawn_at is None]
    with desk.store.holdings() as held:
        cards = sorted(held.cards_in(desk.store.ids(Document)), key=lambda card: card.number)
    return list(desk.store.find(Incident)), links, cards


def _anew(desk: Desk) -> tuple[list[Incident], list[Link], list[Card]]:
    """Give what fusing all of the desk's events at once gives."""
    weights, ledger = shipped_weights(), list(desk.store.find(Link))
    fused = fuse_events(desk.store.find(Event), desk.store.find(Document), _PACK, ledger)
    with desk.store.holdings() as held:
        whole = Whole(held.reports(), read_judgements(ledger, held), known_with(_PACK, weights), weights)
        cards = [card for batch in whole.batches(held) for card in batch.cards]
    return list(fused.incidents), list(fused.links), sorted(cards, key=lambda card: card.number)


@pytest.fixture(params=[2000, 16], ids=["whole blocks", "neighbours only"])
def most(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Blocks that are fetched at once, or of which neighbours are asked for."""
    monkeypatch.setattr(more_module, "_MOST", request.param)
    return request.param


@pytest.mark.parametrize("seed", range(12))
def test_what_changed_is_fused_as_if_all_were_fused_anew(seed: int, most: int, tmp_path: Path) -> None:
    assert most
    world = _World(tmp_path, random.Random(seed))
    for _ in range(14):
        world.act()
        world.desk.fuse()
        for mine, theirs in zip(_state(world.desk), _anew(world.desk), strict=True):
            assert mine == theirs
    world.desk.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[_World]:
    """A desk with four reports, fused."""
    made = _World(tmp_path, random.Random(3))
    for name in ("Alpha", "Beta", "Gamma", "Delta"):
        made.report(name)
    made.desk.fuse()
    yield made
    made.desk.close()


def _put(desk: Desk, page: Document, told: list[Event]) -> None:
    with desk.store.writing() as writing:
        writing.put_documents(page.page, [page])
        writing.put_events(page.id, told)
        writing.unmark("fuse", "all")
    desk.fuse()


def test_a_judgement_whose_event_is_gone_is_lost_and_counts_again_when_the_event_is_back(world: _World) -> None:
    desk = world.desk
    (first, one), (second, other) = raid("Omega"), raid("Sigma", when=day_of(40))
    _put(desk, first, [one])
    _put(desk, second, [other])
    made = merge([one], [other], {first.id: first, second.id: second}, by="Ana", why="one raid", at=DAY)
    desk.judge(made)
    merged = _state(desk)
    assert any({one.id, other.id} <= set(incident.events) for incident in merged[0])
    with desk.store.writing() as writing:
        writing.put_documents(second.page, [])
        writing.unmark("fuse", "all")
    desk.fuse()
    assert desk.lost_judgements() == {link.id for link in made}
    assert desk.judgements() == made
    unjudged = fuse_events(desk.store.find(Event), desk.store.find(Document), _PACK)
    assert _state(desk)[:2] == (list(unjudged.incidents), list(unjudged.links))
    _put(desk, second, [other])
    assert desk.lost_judgements() == frozenset()
    assert _state(desk) == merged


def test_a_report_that_changed_nothing_it_touches_leaves_the_rest_as_it_was(world: _World) -> None:
    before = {i.id: i for i in world.desk.store.find(Incident)}
    page = document("Far", "Bordurian bakers fed the town of Klow.")
    told = event(page, "Bordurian bakers fed the town of Klow", "AID", (_BORDURIA,), (), day_of(900), None)
    with world.desk.store.writing() as writing:
        writing.put_documents(page.page, [page])
        writing.put_events(page.id, [told])
        writing.unmark("fuse", "all")
    with world.desk.store.holdings() as held:
        weights, ledger = shipped_weights(), read_judgements((), held)
        change = fuse_more(held.stale(), held, ledger, known_with(_PACK, weights), weights)
    assert [i.events for i in change.incidents] == [(told.id,)]
    assert (change.dissolved, change.moved, change.withdrawn) == ((), (), ())
    world.desk.fuse()
    after = {i.id: i for i in world.desk.store.find(Incident)}
    assert {id: after[id] for id in before} == before
    assert len(after) == len(before) + 1


def test_many_changed_documents_are_fused_as_a_whole(world: _World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "_FEW", 2)
    for name in ("Alpha", "Eta", "Theta", "Iota"):
        world.report(name)
    world.desk.fuse()
    assert _state(world.desk) == _anew(world.desk)
