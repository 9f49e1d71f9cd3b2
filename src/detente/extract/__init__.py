"""Extract: from a document to who did what to whom, when, where, and on whose word."""

from detente.extract.candidates import Thresholds
from detente.extract.cases import CaseFault, check_cases
from detente.extract.events import event_date, extract_events, extract_recipe
from detente.extract.relations import extract_relations
from detente.extract.scene import read_scene

__all__ = [
    "CaseFault",
    "Thresholds",
    "check_cases",
    "event_date",
    "extract_events",
    "extract_recipe",
    "extract_relations",
    "read_scene",
]
