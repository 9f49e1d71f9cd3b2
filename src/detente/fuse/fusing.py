"""Fuse events that are all at hand: link them, make the incidents, and write down why."""

from collections.abc import Iterable
from dataclasses import dataclass

from detente.fuse.incident import Known
from detente.fuse.judgements import MACHINE, InMemory, read_judgements
from detente.fuse.score import Weights, shipped_weights
from detente.fuse.whole import Whole
from detente.packs import Pack
from detente.records import Document, Event, Incident, Link, make_id

CODE = f"{MACHINE}2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fused:
    """Incidents, the machine's links, and the judgements whose events are gone."""

    incidents: tuple[Incident, ...]
    links: tuple[Link, ...]
    lost: tuple[Link, ...] = ()


def fuse_recipe(pack: Pack | None = None, weights: Weights | None = None) -> str:
    """Give what makes the links: code, weights and packs by digest."""
    told = weights or shipped_weights()
    digest = make_id("w", told.intercept, told.weights)[2:10]
    return "+".join((CODE, digest, *((pack.digest[:8],) if pack else ())))


def known_with(pack: Pack | None, weights: Weights) -> Known:
    """Give what incidents are made with, before their documents are at hand."""
    return Known(documents={}, pack=pack, recipe=fuse_recipe(pack, weights))


def fuse_events(
    events: Iterable[Event],
    documents: Iterable[Document],
    pack: Pack | None = None,
    judgements: Iterable[Link] = (),
    weights: Weights | None = None,
) -> Fused:
    """Give the incidents that events tell of, and the links that say why; any order gives the same.

    `judgements` are the ledger's links: those of persons count, the machine's own are made anew. Events
    whose document is not given are left out.
    """
    weights = weights or shipped_weights()
    records = InMemory(events, documents)
    judged = read_judgements(judgements, records)
    whole = Whole(records.reports(), judged, known_with(pack, weights), weights)
    batches = list(whole.batches(records))
    return Fused(
        incidents=tuple(sorted((i for batch in batches for i in batch.incidents), key=lambda i: i.id)),
        links=tuple(sorted((k for batch in batches for k in batch.links), key=lambda k: k.id)),
        lost=judged.lost,
    )
