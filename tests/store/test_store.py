"""The store, the same tests on both databases."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import detente.store
from detente.errors import StoreError
from detente.records import (
    Brief,
    Card,
    Document,
    DocumentId,
    Event,
    EventId,
    Failure,
    Incident,
    IncidentId,
    Link,
    LinkId,
    Page,
    Remainder,
    Source,
    Span,
)
from detente.store import Store, open_store
from detente.store.database import SCHEMA, parse_url
from detente.store.tables import metadata
from tests import fakes

Open = Callable[[], Store]


def add(store: Store, *pages: Page) -> None:
    with store.writing() as writing:
        writing.add_pages(pages)


def test_every_kind_of_record_comes_back(store: Store) -> None:
    page = fakes.make_page()
    document = fakes.make_document(page)
    event = fakes.make_event(document)
    link = fakes.make_link(event)
    failure = fakes.make_failure()
    brief = fakes.make_brief(document)
    with store.writing() as writing:
        writing.put_source(fakes.make_source())
        writing.add_pages([page])
        writing.put_documents(page.id, [document], [Remainder(page_span=Span(start=0, end=1), reason="menu")])
        writing.put_events(document.id, [event])
        writing.add_links([link])
        writing.add_brief(brief)
        writing.fail(failure)
    assert store.get(Source, fakes.make_source().id) == fakes.make_source()
    assert store.get(Page, page.id) == page
    assert list(store.find(Document, page=page.id)) == [document]
    assert list(store.find(Event, document=document.id)) == [event]
    assert list(store.find(Link)) == [link]
    assert list(store.find(Brief)) == [brief]
    assert list(store.find(Failure)) == [failure]
    assert store.remainder(page.id) == (Remainder(page_span=Span(start=0, end=1), reason="menu"),)


def test_writing_twice_is_writing_once(store: Store) -> None:
    page = fakes.make_page()
    for _ in range(2):
        add(store, page, page)
        with store.writing() as writing:
            writing.put_documents(page.id, [fakes.make_document(page)])
            writing.mark("read", page.id, "r1")
    assert (store.count(Page), store.count(Document)) == (1, 1)


def test_a_page_keeps_the_time_when_it_was_first_known(store: Store) -> None:
    page = fakes.make_page()
    add(store, page)
    add(store, replace(page, fetched_at=page.fetched_at + timedelta(days=9)))
    assert store.get(Page, page.id) == page


def test_nul_and_lone_surrogates_survive(store: Store) -> None:
    page = replace(
        fakes.make_page(body=bytes(range(256)) * 50), url="file:a\x00\udcff.txt", facts=(("t", "\x00\ud800"),)
    )
    document = replace(fakes.make_document(page), title="\x00\udfff", text="a\x00b\ud83d")
    add(store, page)
    with store.writing() as writing:
        writing.put_documents(page.id, [document])
        writing.fail(fakes.make_failure(subject="a\x00\ud800" + "é" * 5000))
    assert store.get(Page, page.id) == page
    assert list(store.find(Page, url=page.url)) == [page]
    assert store.get(Document, document.id) == document
    assert store.count(Failure) == 1


def test_an_error_in_a_transaction_keeps_nothing_of_it(store: Store) -> None:
    with pytest.raises(KeyError), store.writing() as writing:
        writing.add_pages([fakes.make_page(), "no page"])  # type: ignore[list-item]
    assert store.count(Page) == 0


def test_pending_is_what_has_no_mark_of_this_recipe_oldest_first(store: Store) -> None:
    pages = [fakes.make_page(f"{n}.txt", day=-n) for n in range(3)]
    add(store, *pages)
    with store.writing() as writing:
        writing.mark("read", pages[0].id, "r1")
        writing.fail(fakes.make_failure(subject=pages[1].id), "r1")
    assert store.pending(Page, "read", "r1") == [pages[2].id]
    assert store.pending(Page, "read", "r1", retry=True) == [pages[2].id, pages[1].id]
    assert store.pending(Page, "read", "r2") == [pages[2].id, pages[1].id, pages[0].id]
    assert store.pending(Page, "other", "r1") == [pages[2].id, pages[1].id, pages[0].id]
    assert store.recipe_of("read", pages[0].id) == "r1"
    assert store.recipe_of("read", pages[2].id) is None


def test_success_settles_the_failure(store: Store) -> None:
    add(store, fakes.make_page())
    with store.writing() as writing:
        writing.fail(fakes.make_failure(subject=fakes.make_page().id), "r1")
    with store.writing() as writing:
        writing.mark("read", fakes.make_page().id, "r2")
    assert store.count(Failure) == 0


def test_a_new_reading_replaces_what_the_page_gave_before(store: Store) -> None:
    page = fakes.make_page()
    old, kept, new = (fakes.make_document(page, number=n) for n in range(3))
    add(store, page)
    with store.writing() as writing:
        writing.put_documents(page.id, [old, kept])
        for document in (old, kept):
            writing.put_events(document.id, [fakes.make_event(document)])
            writing.mark("extract", document.id, "r1")
    with store.writing() as writing:
        writing.put_documents(page.id, [kept, new])
    assert set(store.ids(Document)) == {kept.id, new.id}
    assert list(store.find(Event)) == [fakes.make_event(kept)]
    assert store.pending(Document, "extract", "r1") == [new.id]


def test_a_new_extraction_replaces_the_events_of_the_document(store: Store) -> None:
    document = fakes.make_document()
    with store.writing() as writing:
        writing.put_events(document.id, [fakes.make_event(document, n) for n in range(3)])
        writing.put_events(document.id, [fakes.make_event(document, 1, "r2")])
    assert list(store.find(Event)) == [fakes.make_event(document, 1, "r2")]


def test_many_reports_are_kept_at_once_in_place_of_earlier_ones(store: Store) -> None:
    documents = [fakes.make_document(fakes.make_page(f"{n}.txt")) for n in range(3)]
    before = [(d, [fakes.make_event(d, n) for n in range(2)]) for d in documents]
    with store.writing() as writing:
        writing.put_reports(before)
        writing.put_reports([(documents[0], [fakes.make_event(documents[0], 1)]), (documents[1], [])])
    assert store.count(Document) == 3
    kept = [fakes.make_event(documents[0], 1), *before[2][1]]
    assert sorted(store.ids(Event)) == sorted(event.id for event in kept)


def test_cards_and_blocks_come_back_until_they_go(store: Store) -> None:
    cards = [
        Card(number=n, event=EventId(f"e{n}"), document=DocumentId("d"), keys=(-4, 2**62), by_time=9 - n, by_words=n % 3,
             part=n % 2, incident=IncidentId("i"))
        for n in range(8)
    ]  # fmt: skip
    with store.writing() as writing:
        writing.put_cards(cards)
        writing.place_cards([replace(cards[1], part=7)])
    with store.holdings() as held:
        assert list(held.cards([2, 5, 99])) == [cards[2], cards[5]]
        assert list(held.cards_of_parts([7])) == [replace(cards[1], part=7)]
        ranked = sorted((c.by_time, c.by_words, c.number) for c in cards)
        assert held.block(2**62, 5) == ranked[:5]
        assert held.beside(-4, "by_time", (5, 4), 2, after=True) == [(6, 0, 3), (7, 2, 2)]
        assert held.beside(-4, "by_words", (1, 4), 2, after=False) == [(8, 1, 1), (3, 0, 6)]
    with store.writing() as writing:
        writing.put_cards((), cards[:7])
    with store.holdings() as held:
        assert list(held.cards_in(["d"])) == cards[7:]  # type: ignore[list-item]
        assert held.block(-4, 9) == [(2, 1, 7)]


def test_documents_are_stale_until_they_are_fused(store: Store) -> None:
    page = fakes.make_page()
    one, other = (fakes.make_document(page, number=n) for n in range(2))
    with store.writing() as writing:
        writing.put_documents(page.id, [one, other])
        writing.settle_stale([one.id, other.id], {})
        writing.put_events(one.id, [fakes.make_event(one)])
    with store.holdings() as held:
        assert held.stale() == [one.id]
    with store.writing() as writing:
        writing.settle_stale([one.id], {LinkId("l"): (EventId("a"), EventId(""))})
        writing.put_documents(page.id, [other])
    with store.holdings() as held:
        assert held.stale() == sorted([one.id, other.id])
        assert held.resolved() == {LinkId("l"): (EventId("a"), EventId(""))}


def test_the_ledger_only_grows_and_a_judgement_is_withdrawn_once(store: Store) -> None:
    link = fakes.make_link(fakes.make_event())
    for days in (1, 2):
        with store.writing() as writing:
            writing.add_links([link])
            writing.withdraw_link(link.id, fakes.DAY + timedelta(days=days))
            writing.withdraw_link("link-unknown", fakes.DAY)
    assert list(store.find(Link)) == [replace(link, withdrawn_at=fakes.DAY + timedelta(days=1))]
    assert list(store.find(Link, withdrawn_at=None)) == []


def test_known_until_asks_what_was_known(store: Store) -> None:
    pages = [fakes.make_page(f"{n}.txt", day=n) for n in range(4)]
    add(store, *pages)
    known = store.find(Page, known_until=fakes.DAY + timedelta(days=1))
    assert {page.id for page in known} == {pages[0].id, pages[1].id}


def test_find_and_each_go_through_many_records_while_others_are_written(store: Store) -> None:
    pages = [fakes.make_page(f"{n}.txt") for n in range(450)]
    add(store, *pages)
    seen = []
    for page in store.find(Page):
        if not seen:
            add(store, fakes.make_page("late.txt"))
        seen.append(page.id)
    assert seen == sorted(seen)
    assert {page.id for page in pages} <= set(seen)
    asked = [page.id for page in reversed(pages)]
    assert [page.id for page in store.each(Page, [*asked, "page-none"])] == asked
    assert store.ids(Page, id=asked[:2]) == sorted(asked[:2])


def test_documents_are_found_by_id_title_or_file_name(store: Store) -> None:
    one, two = fakes.make_page("north.txt"), fakes.make_page("south_100%.txt")
    first, second = fakes.make_document(one, "Talks in Geneva"), fakes.make_document(two, "Shelling")
    with store.writing() as writing:
        writing.put_documents(one.id, [first])
        writing.put_documents(two.id, [second])
    assert store.match_documents(first.id[:14]) == [first.id]
    assert store.match_documents("talks") == [first.id]
    assert store.match_documents("h_100%") == [second.id]
    assert store.match_documents("%") == [second.id]
    assert store.match_documents(".TXT") == sorted([first.id, second.id])


def test_incidents_without_support_are_forgotten(store: Store) -> None:
    with store.writing() as writing:
        writing.remove_incidents(["incident-1"])
    assert store.count(Incident) == 0


def test_opening_twice_finds_the_same(open_again: Open) -> None:
    add(open_again(), fakes.make_page())
    assert open_again().count(Page) == 1


def test_two_that_open_a_new_database_at_once_take_turns(database_url: str) -> None:
    errors: list[BaseException] = []

    def opening() -> None:
        try:
            open_store(database_url).close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=opening) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_newer_schema_is_refused(store: Store, database_url: str) -> None:
    engine = create_engine(parse_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="newer"):
        open_store(database_url)


def test_migrations_give_the_tables_of_the_code(store: Store, database_url: str) -> None:
    engine = create_engine(parse_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_newest_migration_is_the_schema_of_the_code() -> None:
    config = Config()
    config.set_main_option("script_location", f"{detente.store.__path__[0]}/migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA]


def test_one_run_at_a_time(open_again: Open) -> None:
    first, second = open_again(), open_again()
    with first.run_lock(), pytest.raises(StoreError, match=f"process {os.getpid()} on"), second.run_lock():
        pytest.fail("two runs at once")
    with second.run_lock():
        pass


def test_a_second_run_waits_when_told_to(open_again: Open) -> None:
    first, second, told = open_again(), open_again(), []
    release = threading.Event()

    def hold() -> None:
        with first.run_lock():
            release.set()
            time.sleep(0.5)

    holder = threading.Thread(target=hold)
    holder.start()
    release.wait(10)
    with second.run_lock(30, told.append):
        assert len(told) == 1
    holder.join()


def _hold_for_ever(url: str, ready: "multiprocessing.synchronize.Event") -> None:
    with open_store(url).run_lock():
        ready.set()
        time.sleep(600)


def test_a_dead_holder_lets_go(open_again: Open, database_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=_hold_for_ever, args=(database_url, ready))
    holder.start()
    assert ready.wait(30)
    holder.kill()
    holder.join()
    with open_again().run_lock(10):
        pass


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://host/name", "not supported"),
        ("sqlite:////nowhere/at/all/desk.sqlite", "does not exist"),
        ("postgresql://tester:secret@127.0.0.1:1/none", "127.0.0.1"),
    ],
)
def test_a_database_that_cannot_be_opened_is_named(address: str, word: str) -> None:
    with pytest.raises(StoreError, match=word) as caught:
        open_store(address)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: "os.PathLike[str]") -> None:
    path = os.path.join(tmp_path, "desk.sqlite")
    with open(path, "wb") as file:
        file.write(b"this is no database" * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{path}")


def test_the_address_hides_the_password() -> None:
    assert "secret" not in Store(None, parse_url("postgresql://u:secret@h/n")).address  # type: ignore[arg-type]
