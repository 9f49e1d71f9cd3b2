"""Knowledge of the world and its theatres, of event types and of event language.

`load_pack(["south-caucasus"])` gives one `Pack`: the world pack with the theatre on top.
`check_pack` tells what is wrong with a folder, `new_pack` makes one to begin with.
A pack is a folder of YAML files; the sections they may hold are listed in docs/packs.md.
"""

from detente.packs.check import Problem, check_pack, new_pack
from detente.packs.entries import (
    ActorEntry,
    Alias,
    Case,
    ContextEntry,
    CountryEntry,
    ExpectedEvent,
    FrameSlot,
    Lexicon,
    LightVerb,
    ModeEntry,
    Ontology,
    OutletEntry,
    PlaceEntry,
    Predicate,
    Relation,
    ReportingVerb,
    StatusCue,
    Term,
    TypeEntry,
    in_force,
)
from detente.packs.gazetteer import PlaceIndex
from detente.packs.loader import Pack, PackHead, find_pack, load_pack, shipped_packs
from detente.packs.names import NameIndex, NameMatch, find_words, normalise_name

__all__ = [
    "ActorEntry",
    "Alias",
    "Case",
    "ContextEntry",
    "CountryEntry",
    "ExpectedEvent",
    "FrameSlot",
    "Lexicon",
    "LightVerb",
    "ModeEntry",
    "NameIndex",
    "NameMatch",
    "Ontology",
    "OutletEntry",
    "Pack",
    "PackHead",
    "PlaceEntry",
    "PlaceIndex",
    "Predicate",
    "Problem",
    "Relation",
    "ReportingVerb",
    "StatusCue",
    "Term",
    "TypeEntry",
    "check_pack",
    "find_pack",
    "find_words",
    "in_force",
    "load_pack",
    "new_pack",
    "normalise_name",
    "shipped_packs",
]
