"""Whom an actor counts for: a state, its people, an armed group, a body of many states."""

from collections.abc import Iterable

from detente.packs import Pack
from detente.publish.sentences import clean_text, shorten
from detente.publish.shapes import load_atlas
from detente.records import STATE_SECTORS, Actor, is_of_state

FOLDED = (*sorted(STATE_SECTORS), "CIV", "MED", "BUS", "OPP", None)  # counted with their country in a dyad
GROUP_WORDS = {
    "CIV": "civilians",
    "MED": "media",
    "BUS": "business",
    "OPP": "opposition",
    "REB": "armed groups",
}


def country_name(code: str | None, pack: Pack | None = None) -> str | None:
    """Give the English name of an alpha-3 code: the pack's, else CLDR's, else the code itself."""
    if not code:
        return None
    if pack is not None and code in pack.countries:
        return pack.countries[code].name
    return load_atlas().names.get(code, code)


def name_party(actor: Actor, pack: Pack | None = None) -> str:
    """Give the party that an actor counts for: its state, its people, or itself."""
    country = country_name(actor.country, pack)
    name = shorten(clean_text(actor.name), 60)
    if country is None:
        return name
    if actor.kind == "state" or is_of_state(actor.sector):
        return country
    named_body = actor.kind in ("organisation", "armed group", "party") and name[:1].isupper()
    if actor.sector in ("IGO", "NGO") or (named_body and actor.sector in ("REB", "OPP")):
        return name
    return f"{country}: {GROUP_WORDS.get(actor.sector or '', 'others')}"


def name_side(actor: Actor, pack: Pack | None = None) -> str:
    """Give the side of a dyad: a country with its people, or an armed group or a body of many states."""
    country = country_name(actor.country, pack)
    return country if country and actor.sector in FOLDED else name_party(actor, pack)


def name_parties(actors: Iterable[Actor], pack: Pack | None = None) -> list[str]:
    """Give the parties of several actors, each once."""
    return list(dict.fromkeys(name_party(actor, pack) for actor in actors))
