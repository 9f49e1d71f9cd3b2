"""The rows of the tables: one event in the fields of POLECAT-like, ICEWS-like and flat files."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from itertools import product
from typing import Any

from detente.packs import Pack
from detente.publish.entries import name_outlet
from detente.publish.parties import country_name
from detente.publish.scale import intensity_of, quad_of
from detente.publish.sentences import clean_text, last_instant
from detente.records import Actor, Document, Event, EventType, IncidentId, When

Row = dict[str, Any]

POLECAT_FIELDS = (
    "Event ID", "Event Date", "Event Type", "Event Intensity", "Quad Code", "Contexts", "Actor Name",
    "Actor Country", "Actor Title", "Actor Name Raw", "Recipient Name", "Recipient Country",
    "Recipient Title",
    "Recipient Name Raw", "Country", "Raw Placename", "Publication Date", "Language", "Version",
)  # fmt: skip
EXTRA_FIELDS = (
    "Event Mode", "Status", "Date From", "Date To", "Date Basis", "Actor Sector", "Recipient Sector",
    "Latitude",
    "Longitude", "Killed Low", "Killed High", "Injured Low", "Injured High", "Said By", "Stance", "Score",
    "Background", "Quote", "Headline", "Outlet", "Genre", "URL", "Copy Of", "Document ID", "Incident ID",
)  # fmt: skip
ICEWS_FIELDS = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
    "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number",
    "Publisher",
    "City", "District", "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip

# CAMEO root, its text and its Goldstein score, for each PLOVER type.
CAMEO: dict[EventType, tuple[str, str, float]] = {
    "AGREE": ("03", "Express intent to cooperate", 4.0), "CONSULT": ("04", "Consult", 1.0),
    "SUPPORT": ("05", "Engage in diplomatic cooperation", 3.5),
    "COOPERATE": ("06", "Engage in material cooperation", 6.0),
    "AID": ("07", "Provide aid", 7.0), "CONCEDE": ("08", "Yield", 5.0), "RETREAT": ("08", "Yield", 5.0),
    "REQUEST": ("10", "Demand", -5.0), "ACCUSE": ("11", "Disapprove", -2.0), "REJECT": ("12", "Reject", -4.0),
    "THREATEN": ("13", "Threaten", -6.0), "PROTEST": ("14", "Protest", -6.5),
    "MOBILIZE": ("15", "Exhibit force posture", -7.2), "SANCTION": ("16", "Reduce relations", -4.0),
    "COERCE": ("17", "Coerce", -7.0), "ASSAULT": ("18", "Assault", -9.0),
}  # fmt: skip
SECTOR_WORDS = {
    "GOV": "Government", "MIL": "Military", "POL": "Police", "JUD": "Judicial", "LEG": "Legislative",
    "OPP": "Opposition", "REB": "Rebel", "CIV": "Civilian", "MED": "Media", "BUS": "Business",
    "IGO": "Intergovernmental Organization", "NGO": "Nongovernmental Organization",
}  # fmt: skip


def _join(values: Iterable[str | None]) -> str:
    """Join cells of several members as POLECAT joins contexts."""
    return " | ".join(clean_text(value) for value in values if value)


def _words_of(event: Event, document: Document, field: str) -> str:
    """Give the words of the article that name a party."""
    spans = [each.span for each in event.evidence if each.field == field]
    return _join(document.text[span.start : span.end] for span in spans)


def _titles(actors: Sequence[Actor]) -> str:
    return _join(role.office for actor in actors for role in actor.roles)


def first_day(when: When | None) -> str | None:
    """Give the first day of an interval as ISO."""
    return when.earliest.astimezone(UTC).date().isoformat() if when else None


def last_day(when: When | None) -> str | None:
    """Give the last day of an interval as ISO."""
    return last_instant(when).date().isoformat() if when else None


def polecat_row(event: Event, document: Document, pack: Pack | None, incident: IncidentId | None) -> Row:
    """Give one event in POLECAT's fields, then ours; several parties are joined by " | "."""
    place, said = event.place, event.attribution
    flat = flat_row(event, document, pack, incident)
    return {
        "Event ID": event.id, "Event Date": first_day(event.when), "Event Type": event.type.capitalize(),
        "Event Intensity": flat["intensity"], "Quad Code": quad_of(event.type).title(),
        "Contexts": _join(event.contexts), "Actor Name": _join(actor.name for actor in event.actors),
        "Actor Country": _join(country_name(actor.country, pack) for actor in event.actors),
        "Actor Title": _titles(event.actors), "Actor Name Raw": _words_of(event, document, "actor"),
        "Recipient Name": _join(actor.name for actor in event.recipients),
        "Recipient Country": _join(country_name(actor.country, pack) for actor in event.recipients),
        "Recipient Title": _titles(event.recipients),
        "Recipient Name Raw": _words_of(event, document, "recipient"),
        "Country": place.country if place else None,
        "Raw Placename": clean_text(place.name) if place else None,
        "Publication Date": first_day(document.published), "Language": document.language,
        "Version": event.recipe,
        "Event Mode": event.mode, "Status": event.status, "Date From": flat["from"], "Date To": flat["to"],
        "Date Basis": flat["date_basis"], "Actor Sector": _join(actor.sector for actor in event.actors),
        "Recipient Sector": _join(actor.sector for actor in event.recipients),
        "Latitude": flat["latitude"], "Longitude": flat["longitude"], "Killed Low": flat["killed_low"],
        "Killed High": flat["killed_high"], "Injured Low": flat["injured_low"],
        "Injured High": flat["injured_high"],
        "Said By": flat["said_by"], "Stance": said.stance if said else None, "Score": flat["score"],
        "Background": "yes" if event.background else "no", "Quote": clean_text(flat["quote"]),
        "Headline": clean_text(document.title or ""), "Outlet": name_outlet(document),
        "Genre": document.genre,
        "URL": clean_text(document.url), "Copy Of": document.copy_of, "Document ID": document.id,
        "Incident ID": incident,
    }  # fmt: skip


def icews_rows(event: Event, document: Document, pack: Pack | None = None) -> Iterator[tuple[bool, Row]]:
    """Give one row per source and target in ICEWS's fields, and whether it is the event's first.

    Status has no field there: only events told as happened are given, as in ICEWS itself.
    """
    if event.status != "happened" or not event.actors:
        return
    code, text, goldstein = CAMEO[event.type]
    place = event.place
    targets: Sequence[Actor | None] = event.recipients or (None,)
    sentence = 1 + document.text.count(". ", 0, event.quote.start)
    for number, (source, target) in enumerate(product(event.actors, targets)):
        yield number == 0, {
            "Event ID": event.id, "Event Date": first_day(event.when), "Source Name": clean_text(source.name),
            "Source Sectors": SECTOR_WORDS.get(source.sector or ""),
            "Source Country": country_name(source.country, pack),
            "Event Text": text, "CAMEO Code": code, "Intensity": goldstein,
            "Target Name": clean_text(target.name) if target else None,
            "Target Sectors": SECTOR_WORDS.get(target.sector or "") if target else None,
            "Target Country": country_name(target.country, pack) if target else None, "Story ID": document.id,
            "Sentence Number": sentence, "Publisher": name_outlet(document),
            "City": clean_text(place.name) if place else None, "District": None,
            "Province": clean_text(place.admin1) if place and place.admin1 else None,
            "Country": country_name(place.country, pack) if place else None,
            "Latitude": place.latitude if place else None, "Longitude": place.longitude if place else None,
        }  # fmt: skip


def flat_row(event: Event, document: Document, pack: Pack | None, incident: IncidentId | None) -> Row:
    """Give one event as plain values and lists, for Parquet and GeoJSON."""
    place, said = event.place, event.attribution
    return {
        "event": event.id, "document": event.document, "incident": incident, "type": event.type,
        "mode": event.mode,
        "quad": quad_of(event.type), "intensity": intensity_of(event.type, event.mode, pack),
        "status": event.status,
        "background": event.background, "date": None, "from": first_day(event.when),
        "to": last_day(event.when),
        "date_basis": event.when.basis if event.when else None,
        **_party_columns("actor", event.actors), **_party_columns("recipient", event.recipients),
        "place": place.name if place else None, "place_country": place.country if place else None,
        "latitude": place.latitude if place else None, "longitude": place.longitude if place else None,
        "radius_km": place.radius_km if place else None,
        "killed_low": event.killed.low if event.killed else None,
        "killed_high": event.killed.high if event.killed else None,
        "injured_low": event.injured.low if event.injured else None,
        "injured_high": event.injured.high if event.injured else None,
        "said_by": said.speaker.name if said else None, "stance": said.stance if said else None,
        "quote": document.text[event.quote.start : event.quote.end], "score": event.score,
        "url": document.url,
        "title": document.title, "outlet": document.outlet, "genre": document.genre,
        "language": document.language,
        "published": first_day(document.published),
        "published_basis": document.published.basis if document.published else None,
        "copy_of": document.copy_of,
        "known_at": event.known_at.astimezone(UTC).isoformat(), "recipe": event.recipe,
    }  # fmt: skip


def _party_columns(side: str, actors: Sequence[Actor]) -> Row:
    return {
        f"{side}s": [actor.name for actor in actors],
        f"{side}_countries": [actor.country for actor in actors],
        f"{side}_sectors": [actor.sector for actor in actors],
    }
