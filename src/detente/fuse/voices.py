"""Who tells of an incident, each independent source once, and how far it is to be believed.

Admiralty code: reliability of the source A (completely reliable) to F (cannot be judged), credibility of the
information 1 (confirmed by other sources) to 6 (cannot be judged). The two are judged apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from detente.fuse.features import likeness
from detente.fuse.sketch import Party, party_of
from detente.packs import OutletEntry, Pack, normalise_name
from detente.records import Actor, Document, DocumentId, Event, Voice

_RATED = frozenset({"A", "B", "C"})


@dataclass(frozen=True, slots=True)
class _Told:
    """One event's telling: whose voice, whether that is a party, and whether it asserts or denies."""

    voice: str
    party: bool
    reliability: str | None
    document: DocumentId
    denies: bool


def find_voices(
    events: Sequence[Event], documents: Mapping[DocumentId, Document], pack: Pack | None
) -> tuple[Voice, ...]:
    """Give the independent voices: copies, shared speakers and a party's own outlets are one each."""
    return _collect(_tellings(events, documents, pack))


def _collect(told: Iterable[_Told]) -> tuple[Voice, ...]:
    grouped: dict[str, list[_Told]] = {}
    for each in told:
        grouped.setdefault(each.voice, []).append(each)
    return tuple(
        Voice(
            name=name, documents=tuple(sorted({t.document for t in tellings})),
            party=any(t.party for t in tellings),
            reliability=min((t.reliability for t in tellings if t.reliability), default=None),
        )
        for name, tellings in sorted(grouped.items())
    )  # fmt: skip


def _tellings(
    events: Sequence[Event], documents: Mapping[DocumentId, Document], pack: Pack | None
) -> list[_Told]:
    sides = {party_of(actor, pack) for event in events for actor in event.actors + event.recipients}
    return [_telling(event, documents[event.document], sides, pack) for event in events]


def _telling(event: Event, document: Document, sides: set[Party], pack: Pack | None) -> _Told:
    speaker = event.attribution.speaker if event.attribution else None
    denies = event.status == "denied" or (
        event.attribution is not None and event.attribution.stance == "denies"
    )
    if speaker is not None and speaker.kind != "unnamed" and not speaker.name.lower().startswith("unnamed"):
        party = _is_party(party_of(speaker, pack), sides)
        return _Told(_speaker_voice(speaker, pack), party, None, document.id, denies)
    outlet = outlet_of(document, pack)
    name = outlet.name if outlet else document.syndicated_from or document.outlet or f"page {document.url}"
    if outlet and outlet.standing in ("state", "party") and outlet.country:
        own = _party_of_outlet(outlet, pack)
        if _is_party(own, sides):
            return _Told(_country_name(outlet.country, pack), True, outlet.reliability, document.id, denies)
    return _Told(name, False, outlet.reliability if outlet else None, document.id, denies)


def outlet_of(document: Document, pack: Pack | None) -> OutletEntry | None:
    """Give the pack's entry of the source of a document: of the agency whose copy it is, if any."""
    if pack is None:
        return None
    for told in (document.syndicated_from, document.outlet):
        name = pack.outlet_names.get(normalise_name(told)) if told else None
        if name is not None:
            return pack.outlets[name]
    return None


def _party_of_outlet(outlet: OutletEntry, pack: Pack | None) -> Party:
    name = outlet.owner or _country_name(outlet.country or "", pack)
    return Party(
        normalise_name(name), frozenset(normalise_name(name).split()), outlet.country, "GOV", None, False
    )


def _speaker_voice(speaker: Actor, pack: Pack | None) -> str:
    """Officials of one state speak with one voice."""
    state = speaker.country is not None and speaker.sector in ("GOV", "MIL", "POL")
    return _country_name(speaker.country or "", pack) if state else speaker.name


def _country_name(code: str, pack: Pack | None) -> str:
    return pack.countries[code].name if pack is not None and code in pack.countries else code


def _is_party(who: Party, sides: Iterable[Party]) -> bool:
    return any(likeness(who, side) >= 0.6 for side in sides)


def judge_credibility(
    events: Sequence[Event], documents: Mapping[DocumentId, Document], pack: Pack | None
) -> tuple[int, tuple[str, ...]]:
    """Give the credibility from 1 to 6, and why in words."""
    told = _tellings(events, documents, pack)
    asserting = _collect(t for t in told if not t.denies)
    denying = _collect(t for t in told if t.denies)
    free = [v for v in asserting if not v.party]
    rated = [v for v in free if v.reliability in _RATED]
    deniers = [v.name for v in denying]
    free_denial = any(not v.party for v in denying)
    why = [_say(asserting, "tell it"), *([_say(denying, "deny it")] if denying else [])]
    return _grade(free, rated, asserting, deniers, free_denial), tuple(why)


def _grade(
    free: list[Voice], rated: list[Voice], asserting: Sequence[Voice], deniers: list[str], free_denial: bool
) -> int:
    if not asserting:
        return 5
    if free_denial and not free:
        return 5
    sides = len(asserting) - len(free)
    if len(free) >= 3 and rated and not deniers:
        return 1
    if len(free) >= 2 or (free and sides) or sides >= 2:
        return 2 if not deniers else 3
    if rated:
        return 3
    if sides:
        return 4
    return 6 if not deniers else 4


def _say(voices: Sequence[Voice], verb: str) -> str:
    names = [
        v.name + (" (a party)" if v.party else f" ({v.reliability})" if v.reliability else "") for v in voices
    ]
    count = f"{len(voices)} independent voice{'s' if len(voices) != 1 else ''}"
    return (
        f"{count} {verb}: {', '.join(names[:6])}{' and others' if len(names) > 6 else ''}"
        if voices
        else f"no voice {verb}"
    )
