"""From a document to events: what plain sentences give, and that no text breaks it.

The plain sentences are read by the real engines. They hold one clear act each, so that a retrained
reader has no excuse; what they assert is type, actor and recipient, never a score.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.engines import Annotation, Engines, EventWord
from detente.extract import Thresholds, event_date, extract_events
from detente.records import Document, Event, Span, When
from tests.extract.reading import WEDNESDAY, article, engines, events, pack, spans
from tests.fakes import FakeAnnotator

ACTS = [
    ("Police in Nairobi arrested 14 protesters on Tuesday.", "COERCE", "Kenyan police", "Kenyan protesters"),
    ("The United States imposed sanctions on two Russian banks on Thursday.", "SANCTION", "United States", "Russia"),
    ("Egypt accused Ethiopia of violating the treaty on the Nile.", "ACCUSE", "Egypt", "Ethiopia"),
    ("Ethiopia was accused of violating the treaty by Egypt.", "ACCUSE", "Egypt", "Ethiopia"),
    ("The European Union urged Serbia to hold early elections.", "REQUEST", "European Union", "Serbia"),
    ("Brazil rejected a proposal by Argentina.", "REJECT", "Brazil", "Argentina"),
    ("Germany delivered 200 tonnes of food aid to Sudan on Tuesday.", "AID", "Germany", "Sudan"),
    ("Poland deployed 2,000 troops to its border with Belarus on Monday.", "MOBILIZE", "Poland", None),
    ("Thousands of farmers protested against the government in Paris on Saturday.", "PROTEST", None, "France"),
    ("Gunmen killed 12 soldiers in Mali on Friday.", "ASSAULT", None, "Mali"),
    ("Turkish warplanes bombed a village near Aleppo on Monday.", "ASSAULT", "Turk", None),
    ("Japan and Australia signed a fishing agreement in Canberra on Friday.", "SUPPORT", "Japan", None),
]  # fmt: skip


def of_type(text: str, type_: str) -> Event:
    """Give the event of a type, the surest where there are several."""
    found = [e for e in events(article(text)) if e.type == type_]
    assert found, f"no {type_} in {text!r}"
    return max(found, key=lambda e: e.score)


def told(event: Event, names: str) -> str:
    """Give names and countries of the actors or recipients as one text."""
    return "; ".join(f"{a.name} {a.country}" for a in getattr(event, names))


@pytest.mark.parametrize(("text", "type_", "actor", "recipient"), ACTS)
def test_plain_acts(text: str, type_: str, actor: str | None, recipient: str | None) -> None:
    event = of_type(text, type_)
    country = pack().countries
    for names, wanted in (("actors", actor), ("recipients", recipient)):
        code = next((c for c, entry in country.items() if entry.name == wanted), wanted)
        assert wanted is None or wanted in told(event, names) or str(code) in told(event, names)
    assert event.status == "happened"
    assert event.attribution is None


def test_equals_who_meet_are_both_actors() -> None:
    event = of_type("French President Emmanuel Macron met Chancellor Olaf Scholz in Berlin on Wednesday.", "CONSULT")
    assert {a.name for a in event.actors} == {"Emmanuel Macron", "Olaf Scholz"}
    assert event.recipients == ()


def test_status_and_word() -> None:
    denied = of_type("Iran denied that it had attacked the tanker.", "ASSAULT")
    assert denied.status == "denied"
    said = of_type("Israel said that Hezbollah fired rockets at Haifa on Sunday.", "ASSAULT")
    assert said.attribution is not None
    assert (said.attribution.speaker.name, said.attribution.stance) == ("Israel", "asserts")
    assert "Hezbollah" in told(said, "actors")
    planned = of_type("Turkey will send food aid to Sudan next month.", "AID")
    assert planned.status == "planned"


def test_counts_place_and_day_are_told_with_their_words() -> None:
    text = "Gunmen killed 12 soldiers in Mali on Friday."
    event = of_type(text, "ASSAULT")
    assert event.killed is not None
    assert (event.killed.low, event.killed.high) == (12, 12)
    assert event.place is not None
    assert event.place.country == "MLI"
    assert event_date(event.when) == "2024-03-15"
    assert {text[e.span.start : e.span.end] for e in event.evidence if e.field == "when"} == {"Friday"}


@pytest.mark.parametrize("words", ["on Friday", "yesterday", "last week", "on 10 January", ""])
def test_an_undated_document_gets_no_day_made_up(words: str) -> None:
    found = events(article(f"Gunmen killed 12 soldiers in Mali {words}.".replace(" .", "."), published=None))
    assert found
    assert all(e.when is None for e in found)


def test_a_loosely_dated_document_lends_its_interval_not_a_day() -> None:
    year = When(earliest=WEDNESDAY.replace(month=1, day=1), latest=WEDNESDAY.replace(month=12, day=31), basis="inferred")
    document = article("Gunmen killed 12 soldiers in Mali on Friday.")
    found = extract_events(replace(document, published=year), pack(), engines())
    assert found
    assert all(e.when is None or e.when.latest - e.when.earliest > timedelta(days=300) for e in found)


def test_a_stated_date_holds_without_publication() -> None:
    found = events(article("Gunmen killed 12 soldiers in Mali on 5 May 2013.", published=None))
    assert {event_date(e.when) for e in found} == {"2013-05-05"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Polizei in Nairobi nahm am Dienstag 14 Demonstranten fest.", "de"),
        ("Police in Nairobi arrested 14 protesters.", "fr"),
        ("", "en"),
        (" \n\t\n", "en"),
        ("...", None),
    ],
)
def test_other_languages_and_nothing_give_no_events(text: str, language: str | None) -> None:
    assert events(article(text, language=language)) == ()


def test_tables_and_lists_give_no_events() -> None:
    rows = "\n".join(f"Kenya\t{k}\t{k * 7}.5\t2023-01-{k % 28 + 1:02}" for k in range(60))
    items = "\n".join(f"- item {k}" for k in range(60))
    assert events(article(rows)) == ()
    assert events(article(items)) == ()


def test_capitals_throughout_end_normally() -> None:
    found = events(article("POLICE IN NAIROBI ARRESTED 14 PROTESTERS ON TUESDAY. " * 5))
    assert {e.type for e in found} <= {"COERCE", "PROTEST"}


def test_a_happening_told_twice_is_one_event_that_keeps_both_tellings() -> None:
    text = "Kenyan police arrested 14 protesters in Nairobi on Tuesday. The weather was mild.\n\n"
    text += "Kenyan police arrested protesters in Nairobi."
    arrests = [e for e in events(article(text)) if e.type == "COERCE"]
    assert len(arrests) == 1
    assert [e.field for e in arrests[0].evidence].count("also") == 1


def test_ids_are_the_same_each_time_and_all_different() -> None:
    document = article(" ".join(text for text, *_ in ACTS))
    first, second = events(document), events(document)
    assert first == second
    assert len({e.id for e in first}) == len(first) > 5


def test_every_span_leads_to_words_and_every_score_is_a_probability() -> None:
    text = "\n\n".join(text for text, *_ in ACTS) + "\n\nIsrael said that Hezbollah fired rockets at Haifa on Sunday."
    document = article(text)
    for event in events(document):
        _assert_sound(event, document)
        assert any(event.quote.start <= e.span.start < event.quote.end for e in event.evidence if e.field == "trigger")


def _assert_sound(event: Event, document: Document) -> None:
    assert event.document == document.id
    assert event.evidence[0].field == "quote"
    assert event.actors
    assert 0 <= event.score <= 1
    for span in spans(event):
        assert 0 <= span.start < span.end <= len(document.text)
        assert document.text[span.start : span.end].strip()


def test_a_higher_threshold_gives_a_part_of_what_a_lower_one_gives() -> None:
    document = article("\n\n".join(text for text, *_ in ACTS))
    all_of_them = {e.evidence[1].span for e in events(document, Thresholds(event=0.2))}
    sure = {e.evidence[1].span for e in events(document, Thresholds(event=0.75))}
    assert sure < all_of_them
    assert events(document, Thresholds(event=1.0)) == ()


_WORDS = st.sampled_from(
    ["Iran", "Turkey's", "the", "police", "arrested", "killed", "12", "said", "“", "”", "(", ")", "on Monday", "both countries",
     "He", "it", "\n\n", "\t", "…", "‏", "é", "\x00", "\ud800", "🙂", ".", "president", "Macron", "MALI", "US", "us"]
)  # fmt: skip


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_WORDS, max_size=40).map(" ".join) | st.text(max_size=120))
def test_no_text_raises(text: str) -> None:
    document = article(text)
    for event in events(document):
        _assert_sound(event, document)


class ArrestReader:
    """An event reader without weights: each "arrested" is a COERCE whose first word did it."""

    recipe = "fake-reader"

    def __init__(self, types: Sequence[str], statuses: Sequence[str]) -> None:
        self.types, self.statuses = tuple(types), tuple(statuses)

    def read(self, annotation: Annotation, hints: object) -> tuple[EventWord, ...]:
        sentences = enumerate(annotation.sentences)
        return tuple(self._word(k, s, e) for k, (s, e) in sentences if "arrested" in annotation.words[s:e])

    def _word(self, sentence: int, start: int, end: int) -> EventWord:
        types = np.full(len(self.types), 0.01, np.float32)
        types[self.types.index("COERCE")] = 0.99
        roles = np.full((end - start, 5), -4.0, np.float32)
        roles[0, 0] = roles[3, 1] = 4.0
        status = np.eye(len(self.statuses), dtype=np.float32)[self.statuses.index("happened")]
        return EventWord(start + 1, sentence, types, status, 0.0, start, roles)


def test_a_hundred_thousand_words_end_normally() -> None:
    """With fakes for the engines, whose own speed grows with the words and is measured elsewhere."""
    line = "Kenya arrested 14 Ugandans there\n" + "the harbour is old and calm\n" * 150
    text = line * (100_000 // len(line.split()))
    reader = ArrestReader(engines().events.types, engines().events.statuses)
    fakes = Engines(annotator=FakeAnnotator(), events=reader)
    found = extract_events(article(text), pack(), fakes)
    assert len(found) == 1
    assert [a.name for a in found[0].actors] == ["Kenya"]
    assert sum(e.field == "also" for e in found[0].evidence) > 100
    assert all(s.end <= len(text) for s in spans(found[0]))


def test_a_span_of_quoted_words_is_exact() -> None:
    text = "Brazil rejected a proposal by Argentina."
    event = of_type(text, "REJECT")
    assert event.quote == Span(start=0, end=len(text))
    assert [text[e.span.start : e.span.end] for e in event.evidence if e.field == "trigger"] == ["rejected"]


def test_an_embassy_never_stands_in_its_own_country() -> None:
    event = of_type("Baku mourned on Monday. A gunman attacked the Azerbaijani Embassy and killed a guard.", "ASSAULT")
    assert event.place is None or event.place.country != "AZE"
