"""A document with its events in the margin: all of the text is there once, and none of it is trusted."""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from detente.publish.annotate import annotate, count_words, render_annotation
from detente.records import Count, Document, Event, Evidence, Span
from tests.fakes import make_document, make_event, make_page

TEXT = "Tehran arrested 14 people.\n\nThe weather was mild.\n\nBaku protested on Monday."


def document(text: str = TEXT) -> Document:
    return replace(make_document(make_page(body=b"x")), text=text)


def event(of: Document, number: int = 0, **fields: tuple[int, int]) -> Event:
    spans = {"quote": (0, 26), "trigger": (7, 15)} | fields
    told = tuple(Evidence(field=name, span=Span(start=a, end=b)) for name, (a, b) in spans.items())
    return replace(make_event(of, number), evidence=told)


def test_runs_say_which_fields_rest_on_them() -> None:
    d = document()
    first, second, third = annotate(d, [event(d, actor=(0, 6), recipient=(19, 25))])
    painted = [(run.text, run.field) for run in first.runs if run.text.strip()]
    assert painted == [
        ("Tehran", "actor"), ("arrested", "trigger"), (" 14 ", "quote"), ("people", "recipient"), (".", "quote")
    ]  # fmt: skip
    assert [run.opens for run in first.runs if run.opens] == [(1,)]
    assert [note.number for note in first.noted] == [1]
    assert not second.noted
    assert not third.noted


def test_events_are_numbered_by_their_words_and_stand_by_their_paragraph() -> None:
    d = document()
    late = event(d, 1, quote=(51, len(TEXT)), trigger=(56, 65))
    paragraphs = annotate(d, [late, event(d, 0)])
    assert [[n.number for n in p.noted] for p in paragraphs] == [[1], [], [2]]
    assert paragraphs[2].noted[0].event == late


def test_spans_may_cross_overlap_and_lie_outside() -> None:
    d = document()
    crossing = event(d, 0, quote=(0, 40), actor=(0, 20), recipient=(10, 60), place=(70, 9999), when=(5, 5))
    runs = [run for p in annotate(d, [crossing, event(d, 1)]) for run in p.runs]
    assert "".join(run.text for run in runs) == TEXT
    assert all(field != "place" for run in runs for _, field in run.marks)
    assert any({"actor", "recipient"} <= {field for _, field in run.marks} for run in runs)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=4))
def test_any_text_is_shown_whole(text: str, pairs: list[tuple[int, int]]) -> None:
    d = document(text)
    made = [event(d, k, quote=(a, a + 5), trigger=(a, b), actor=(b, a)) for k, (a, b) in enumerate(pairs)]
    paragraphs = annotate(d, made)
    assert sum(len(run.text) for p in paragraphs for run in p.runs) == len(text)
    assert [n.number for p in paragraphs for n in p.noted] == list(range(1, len(made) + 1))
    assert html.fromstring(render_annotation(d, made)).findall(".//script") == []


def test_the_page_trusts_nothing_and_loads_nothing() -> None:
    evil = '<script>alert(1)</script> "onload=x\' & \x1b[2J\u202e\ud800'
    d = replace(document(f"Tehran {evil} people.\n\n{evil}"), title=evil, outlet=evil)
    told = event(d, 0)
    actor = replace(told.actors[0], name=evil, parent=evil)
    assert told.attribution is not None
    told = replace(
        told, mode=evil, actors=(actor,), recipients=(actor,), contexts=(evil,),
        attribution=replace(told.attribution, speaker=actor, cue=evil),
        reasons=(replace(told.reasons[0], feature=evil, detail=evil),),
    )  # fmt: skip
    page = render_annotation(d, [told])
    tree = html.fromstring(page)
    assert not tree.xpath("//script | //img | //link | //iframe | //@onload | //@src")
    assert all(link.startswith("#") for link in tree.xpath("//@href"))
    assert not re.search("[\x1b\u202e\ud800]", page)
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_every_number_leads_from_text_to_card_and_back() -> None:
    d = document()
    tree = html.fromstring(render_annotation(d, [event(d, 0), event(d, 1, quote=(51, 70), trigger=(56, 65))]))
    ids = set(tree.xpath("//@id"))
    assert {link.removeprefix("#") for link in tree.xpath("//@href")} == ids == {"e1", "e2", "w1", "w2"}
    card = tree.get_element_by_id("e1").text_content()
    for words in ("COERCE", "arrest", "happened", "75 %", "Iran", "people", "asserts", "+1.50", "verb"):
        assert words in card


def test_counts_in_words() -> None:
    assert count_words(Count(what="killed", low=12, high=12)) == "killed 12"
    assert count_words(Count(what="injured", low=3, high=None)) == "injured at least 3"
    assert count_words(Count(what="money", low=5, high=7, unit="USD")) == "money 5 to 7 USD"
