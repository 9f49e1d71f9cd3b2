"""Extract: from a document to who did what to whom, when, where, and on whose word."""

from detente.extract.events import Thresholds, event_date, extract_events, extract_recipe, read_scene

__all__ = ["Thresholds", "event_date", "extract_events", "extract_recipe", "read_scene"]
