"""What an incident adds to tension: its intensity, discounted by how sure and how real it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from detente.packs import Ontology, Pack
from detente.records import Actor, Incident, IncidentId, Status

# A threat, a plan and a foiled or denied strike are not an attack. Shares of the full weight, argued in
# docs/tension.md: what was tried shows intent and means, a plan intent, a denial that somebody told it.
STATUS_SHARE: Mapping[Status, float] = {
    "happened": 1.0, "attempted": 0.6, "planned": 0.3, "possible": 0.15, "denied": 0.1,
}  # fmt: skip
# Admiralty credibility: 1 confirmed … 5 improbable; 6 can't be judged, so it lies between 3 and 4.
CREDIBILITY_SHARE: Mapping[int, float] = {1: 1.0, 2: 0.95, 3: 0.85, 4: 0.6, 5: 0.2, 6: 0.7}
LONGEST = 31  # days; an incident told with a wider time is history or a campaign, and no day's news


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One incident's contribution on one day, from one side to another; conflict counts above 0."""

    day: date
    source: str
    target: str
    type: str
    weight: float  # PLOVER intensity with its sign turned: -10 (aid) to 10
    share: float  # 0-1, by status and credibility
    incident: IncidentId
    known_at: datetime

    @property
    def value(self) -> float:
        """What it adds: above 0 conflict, below 0 cooperation."""
        return self.weight * self.share


def side_of(actor: Actor) -> str:
    """Give the side that an actor stands for: its country, or its own name where it has none."""
    return actor.country or actor.name


def weigh_incidents(incidents: Iterable[Incident], pack: Pack) -> Iterator[Signal]:
    """Give the signals of incidents; those without a time, or with a vague one, give none."""
    for incident in incidents:
        day = day_of(incident)
        if day is None:
            continue
        share = STATUS_SHARE[incident.status] * CREDIBILITY_SHARE[incident.credibility]
        for source, target in sorted(_pairs(incident)):
            yield Signal(
                day=day, source=source, target=target, type=incident.type,
                weight=-intensity(pack.ontology, incident.type), share=share, incident=incident.id,
                known_at=incident.known_at,
            )  # fmt: skip


def intensity(ontology: Ontology, type: str) -> float:
    """Give the conflict-cooperation score of a type; demands, which PLOVER puts at 0, count as mild conflict."""
    return ontology.intensity(type) or -1.0


def day_of(incident: Incident) -> date | None:
    """Give the middle day of an incident's time, or None where that leaves more than a month open."""
    if incident.when is None:
        return None
    width = incident.when.latest - incident.when.earliest
    return (incident.when.earliest + width / 2).date() if width <= timedelta(days=LONGEST) else None


def _pairs(incident: Incident) -> set[tuple[str, str]]:
    doers = {side_of(actor) for actor in incident.actors}
    targets = {side_of(actor) for actor in incident.recipients} or doers
    return {(a, b) for a in doers for b in targets if a != b}
