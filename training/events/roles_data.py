"""Role sets of others: RAMS, WikiEvents and GENEVA tell who acts on whom, of events whose types are not PLOVER's.

The event reader learns roles from them and nothing else: a mention has a trigger and no type, and only where
the set's own roles are those of a doer and of one to whom it is done.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .data import Span

# Event type (its beginning), the roles that act, the roles that undergo; None where the set does not tell.
Frames = tuple[tuple[str, tuple[str, ...], tuple[str, ...] | None], ...]

RAMS: Frames = (
    ("conflict.attack", ("attacker",), ("target",)),
    ("conflict.yield", ("yielder", "surrenderer", "retreater"), ("recipient",)),
    ("conflict.demonstrate", ("demonstrator",), None),
    ("life.die", ("killer",), ("victim",)),
    ("life.injure", ("injurer",), ("victim",)),
    ("transaction.transfer", ("giver",), ("recipient", "beneficiary")),
    ("contact.discussion", ("participant",), None),
    ("contact.negotiate", ("participant",), None),
    ("contact.collaborate", ("participant",), None),
    ("contact.", ("communicator",), ("recipient",)),
    ("government.agreements", ("participant", "violator"), None),
    ("government.spy", ("spy",), ("observedentity",)),
    ("government.legislate", ("governmentbody",), None),
    ("justice.judicialconsequences", ("judgecourt", "executioner", "extraditer"), ("defendant",)),
    ("justice.initiatejudicialprocess", ("prosecutor", "judgecourt"), ("defendant",)),
    ("justice.investigate", ("investigator",), ("defendant",)),
    ("justice.arrest", ("jailer",), ("detainee",)),
    ("inspection.", ("inspector", "monitor"), ("inspectedentity", "observedentity", "monitoredentity")),
    ("artifactexistence.damage", ("destroyer", "damager", "damagerdestroyer"), ("artifact",)),
    ("movement.transport", ("transporter",), None),
)
WIKIEVENTS: Frames = (
    ("Conflict.Attack", ("Attacker",), ("Target",)),
    ("Conflict.Demonstrate", ("Demonstrator",), ("Target",)),
    ("Life.Die", ("Killer",), ("Victim",)),
    ("Life.Injure", ("Injurer",), ("Victim",)),
    ("Contact.Contact", ("Communicator", "Participant"), None),
    ("Contact.", ("Communicator",), ("Recipient",)),
    ("Justice.ArrestJailDetain", ("Jailer",), ("Detainee",)),
    ("Justice.", ("JudgeCourt", "Investigator"), ("Defendant",)),
    ("Transaction.ExchangeBuySell", ("Giver",), ("Recipient",)),
    ("GenericCrime", ("Perpetrator",), ("Victim",)),
)
GENEVA: Frames = (
    ("Statement", ("Speaker",), ("Addressee",)),
    ("Telling", ("Speaker",), ("Addressee",)),
    ("Request", ("Speaker",), ("Addressee",)),
    ("Commitment", ("Speaker",), ("Addressee",)),
    ("Convincing", ("Speaker",), ("Addressee",)),
    ("Agree_or_refuse_to_act", ("Speaker",), None),
    ("Reveal_secret", ("Speaker",), ("Addressee",)),
    ("Judgment_communication", ("Communicator",), ("Evaluee",)),
    ("Communication", ("Speaker", "Interlocutors"), ("Addressee",)),
    ("Protest", ("Arguer",), ("Addressee",)),
    ("Quarreling", ("Arguers", "Arguer1", "Arguer2"), None),
    ("Assistance", ("Helper",), ("Benefited_party",)),
    ("Supporting", ("Supporter",), ("Supported",)),
    ("Supply", ("Supplier",), ("Recipient",)),
    ("Sending", ("Sender",), ("Recipient",)),
    ("Giving", ("Offerer",), ("Recipient",)),
    ("Receiving", ("Donor",), ("Recipient",)),
    ("Commerce_sell", ("Seller",), ("Buyer",)),
    ("Collaboration", ("Partners",), None),
    ("Sign_agreement", ("Signatory",), None),
    ("Ratification", ("Ratifier",), None),
    ("Hostile_encounter", ("Sides", "Side_1"), ("Side_2",)),
    ("Attack", ("Assailant",), ("Victim",)),
    ("Defending", ("Defender",), ("Assailant",)),
    ("Killing", ("Killer",), ("Victim",)),
    ("Terrorism", ("Terrorist",), ("Victim",)),
    ("Revenge", ("Avenger",), ("Offender",)),
    ("Bodily_harm", ("Agent",), ("Victim",)),
    ("Destroying", ("Destroyer",), ("Patient",)),
    ("Damaging", ("Agent",), ("Patient",)),
    ("Conquering", ("Conqueror",), ("Theme",)),
    ("Theft", ("Perpetrator",), ("Victim",)),
    ("Arrest", ("Authorities",), ("Suspect",)),
    ("Criminal_investigation", ("Investigator",), ("Suspect",)),
    ("Change_of_leadership", ("Selector",), ("Old_leader",)),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a text: its trigger and who plays which role, in characters; None where that is not told."""

    trigger: Span
    actors: list[Span]
    recipients: list[Span] | None
    places: list[Span] | None


def frame_of(type_: str, frames: Frames) -> tuple[tuple[str, ...], tuple[str, ...] | None] | None:
    """Give the acting and the undergoing roles of an event type, or None where it is of no use here."""
    return next(((acts, bears) for name, acts, bears in frames if type_.startswith(name)), None)


def _told(
    type_: str, trigger: Span, arguments: list[tuple[str, Span]], frames: Frames, place: str | None
) -> Iterator[Told]:
    frame = frame_of(type_, frames)
    if frame is None or any(role == "preventer" for role, _ in arguments):
        return
    acts, bears = frame

    def spans(roles: tuple[str, ...]) -> list[Span]:
        return [span for role, span in arguments if role in roles]

    yield Told(trigger, spans(acts), None if bears is None else spans(bears), spans((place,)) if place else None)


def join(tokens: list[str]) -> tuple[str, list[Span]]:
    """Write tokens as running text; give it and the characters of each token."""
    text, spans = "", list[Span]()
    for token in tokens:
        glued = not text or token in {".", ",", ";", ":", "?", "!", ")", "'s", "n't", "%"} or text[-1] in "(["
        text += token if glued else " " + token
        spans.append((len(text) - len(token), len(text)))
    return text, spans


def read_rams(path: Path) -> Iterator[tuple[str, list[Told]]]:
    """Give the passages of RAMS with their one event."""
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
        text, at = join([token for sentence in row["sentences"] for token in sentence])
        (first, last, kinds), *_ = row["evt_triggers"]
        arguments = [(role[11:], (at[s[0]][0], at[s[1]][1])) for _, s, role in row["gold_evt_links"]]
        told = list(_told(kinds[0][0], (at[first][0], at[last][1]), arguments, RAMS, "place"))
        if told:
            yield text, told


def read_geneva(folder: Path) -> Iterator[tuple[str, list[Told]]]:
    """Give the sentences of GENEVA with their events, each once."""
    rows = {}
    for path in sorted(folder.rglob("*.json")):
        rows |= {row["wnd_id"]: row for row in map(json.loads, path.open(encoding="utf-8"))}
    for _, row in sorted(rows.items()):
        text, at = join(row["tokens"])
        spans = {m["id"]: (at[m["start"]][0], at[m["end"] - 1][1]) for m in row["entity_mentions"]}
        told = []
        for event in row["event_mentions"]:
            trigger = (at[event["trigger"]["start"]][0], at[event["trigger"]["end"] - 1][1])
            arguments = [(a["role"], spans[a["entity_id"]]) for a in event["arguments"]]
            told += _told(event["event_type"], trigger, arguments, GENEVA, None)
        if told:
            yield text, told


def read_wikievents(path: Path) -> Iterator[tuple[str, list[Told]]]:
    """Give the articles of WikiEvents with their events."""
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
        text, at = join(row["tokens"])
        spans = {m["id"]: (at[m["start"]][0], at[m["end"] - 1][1]) for m in row["entity_mentions"]}
        told = []
        for event in row["event_mentions"]:
            trigger = (at[event["trigger"]["start"]][0], at[event["trigger"]["end"] - 1][1])
            arguments = [(a["role"], spans[a["entity_id"]]) for a in event["arguments"] if a["entity_id"] in spans]
            told += _told(event["event_type"], trigger, arguments, WIKIEVENTS, "Place")
        if told:
            yield text, told


def read_all(shared: Path) -> Iterator[tuple[str, list[Told]]]:
    """Give all texts of the three sets with their events."""
    folder = shared / "data/roles"
    yield from read_rams(folder / "rams_dev.jsonl")
    yield from read_wikievents(folder / "wikievents_dev.jsonl")
    yield from read_geneva(folder / "geneva/data")
