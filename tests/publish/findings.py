"""A desk of three raids with everything a brief may hold: readings, turns, narratives, relations, alerts."""

from datetime import timedelta

from detente.fuse import fuse_events
from detente.measure import (
    Watch,
    find_synchrony,
    measure_desk,
    raise_alerts,
    trace_narratives,
    weigh_incidents,
)
from detente.packs import load_pack
from detente.publish import BriefView, Findings, compose_brief
from detente.records import (
    Brief,
    Document,
    Event,
    Incident,
    Place,
    PlaceId,
    Reading,
    Relation,
    RelationId,
    Span,
    Turn,
)
from tests.fuse.reports import RURITANIA, SYLDAVIA, actor, day_of, document, event

BORDURIA = actor("Borduria", "BOR")
TIES = "Borduria supplies arms to Syldavia, and sold it 60% of its arms in 2029-2030."


def reports(raids: int = 9) -> list[tuple[Document, Event]]:
    """Quiet weeks with one protest each, then a raid every third day, each told by three outlets, one denied."""
    made = []
    for week in range(6):
        quote = f"Syldavia protested against Ruritania over toll {week}"
        told = document(f"Toll{week}", f"{quote}. Nobody was hurt.", week * 7)
        made.append((told, event(told, quote, "ACCUSE", (SYLDAVIA,), (RURITANIA,), day_of(week * 7), None)))
    for number in range(raids):
        on = 45 + 3 * number
        for name, killed in (("Alpha", 3), ("Beta", 3), ("Gamma", 9)):
            made.append(raid_on(number, name, killed, on))
    return made


PORTS = ("Zenda", "Klow", "Szohôd", "Niedzdrow", "Istow", "Douma", "Hardeluf", "Tesnik", "Wadesdah", "Khemkhah", "Bakht")
DEEDS = ("shelled", "mined", "rammed", "torched", "bombed", "stormed", "strafed", "blasted", "sank", "raided", "wrecked")


def raid_on(number: int, outlet: str, killed: int | None, known: float) -> tuple[Document, Event]:
    """One outlet's report of the raid of a number: each raid has a place, a deed and a day of its own."""
    port, deed = PORTS[number], DEEDS[number]
    where = Place(id=PlaceId(port), name=port, country="SYL", latitude=6.0 * number, longitude=20.0, radius_km=5.0)
    quote = f"Ruritanian gunboats {deed} the quays of {port}, {outlet} wrote"
    told = document(f"{outlet}{number}", f"{quote}. In {port} people fled.", known, outlet)
    return told, event(told, quote, killed=killed, when=day_of(45 + 3 * number), place=where, trigger=deed)


def records(told: list[tuple[Document, Event]]) -> tuple[list[Document], list[Event], list[Incident], list[Reading]]:
    documents, events = [d for d, _ in told], [e for _, e in told]
    incidents = list(fuse_events(events, documents).incidents)
    signals = list(weigh_incidents(incidents, load_pack()))
    return documents, events, incidents, list(measure_desk(signals, documents))


def relation(told: Document) -> Relation:
    return Relation(
        id=RelationId("relation-1"), document=told.id, kind="arms", subject=BORDURIA, object=SYLDAVIA, what="",
        share=None, when=None, span=Span(start=0, end=len(TIES)), evidence=(), attribution=None, known_at=told.known_at,
        recipe="test",
    )  # fmt: skip


def full_view(told: list[tuple[Document, Event]] | None = None, briefs: tuple[Brief, ...] = ()) -> BriefView:
    documents, events, incidents, readings = records(told or reports())
    background = document("Ties", TIES, 44)
    documents.append(background)
    raids = [incident for incident in incidents if incident.type == "ASSAULT"]
    turn = Turn(
        day=day_of(45).earliest.date(), flow="conflict", rises=True, score=9.9, before=0.4, after=6.1,
        incidents=tuple(incident.id for incident in raids),
    )  # fmt: skip
    turns = {("RUR", "SYL"): (turn,)}
    narratives = trace_narratives(incidents, events, documents)
    watches = (
        Watch(name="raids", types=("ASSAULT",), threshold=9.0, dyad=("RUR", "SYL"), turns=True),
        Watch(name="silence", places=("Nowhere",)),
    )
    end = max(reading.day for reading in readings) + timedelta(days=1)
    findings = Findings(
        turns=turns, narratives=narratives, synchrony=find_synchrony(narratives), relations=(relation(background),),
        watches=tuple(w.name for w in watches), alerts=raise_alerts(watches, incidents, readings, turns, {}, end),
    )  # fmt: skip
    return compose_brief(events, documents, incidents, readings, findings=findings, briefs=briefs)
