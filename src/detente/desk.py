"""The desk: the facade, and the only module that knows both the stages and the store.

The way of one document::

    sources
    | collect.open_paths               -> store.add_pages       raw bytes kept: all after can be redone
    | read.read_page, read.find_copies -> store.put_documents   (map)
    | extract.extract_events           -> store.put_events      (map, engines loaded once per worker)
    | extract.extract_relations        -> store.put_relations   (map)
    | fuse.Whole, fuse.fuse_more       -> store.put_incidents   (links are a ledger, incidents follow from them)
    | measure.measure_desk             -> store.put_readings
    | publish.compose_brief            -> store.add_brief       every line cites document and span

`Desk.run` is one line per stage. A stage method asks the store what is pending for its recipe (the
stage's code, its models, its packs), maps the stage function over that, and saves batch by batch: one
transaction holds a batch's records, its failures and the marks that say the work is done. So a run that
is killed at any moment loses only the batch at hand, and the next run does only what is missing.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from detente.errors import DeskError, SettingError
from detente.records import (
    Brief,
    Document,
    DocumentId,
    Event,
    EventId,
    Failure,
    FailureId,
    Incident,
    Link,
    LinkId,
    Page,
    PageId,
    Reading,
    Relation,
    Remainder,
    Source,
    make_id,
)
from detente.runtime import Task, choose_runtime
from detente.settings import FILE_NAME, Settings, default_file, watch_tables
from detente.store import Writing, open_store

if TYPE_CHECKING:  # the stages are loaded when they run: asking a desk something should not wait for them
    from detente.fuse import Judged, Known, Weights
    from detente.measure import Alert, Watch
    from detente.packs import Pack
    from detente.publish import BriefView, Findings
    from detente.read import ReadPage
    from detente.records import Narrative, Synchrony, Turn
    from detente.store import Holdings

T = TypeVar("T")
R = TypeVar("R")

_PACKAGE = Path(__file__).parent
_BATCH_BYTES = 2**24  # of pages in one transaction
_ID = attrgetter("id")
_DATABASE = "desk.sqlite"
_ALERTS = "alerts.jsonl"
_FEW = 200  # documents that changed beyond which, and beyond a twentieth of the desk, all events are fused anew
_NO_INCIDENT = ""  # what persons' judgements name in place of an incident, which only fusing knows
_LAST = "last"  # subject of the mark that names the brief made last
_FAINT = 0.25  # of the threshold: the least chance with which a report bears out others of its incident
_ALL = "all"  # subject of a stage that handles all documents together


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a stage has come; `total` is None while it isn't known."""

    stage: str
    done: int
    total: int | None
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A brief and the files that hold it."""

    brief: Brief
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Every record that was made from one document, with the recipes of the stages."""

    document: Document
    source: Source | None
    page: Page | None
    remainder: tuple[Remainder, ...]
    copies: tuple[Document, ...]
    events: tuple[Event, ...]
    relations: tuple[Relation, ...]
    links: tuple[Link, ...]
    incidents: tuple[Incident, ...]
    failures: tuple[Failure, ...]
    recipes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An incident with the reports and links it rests on, and the words that are about it."""

    incident: Incident
    events: tuple[Event, ...]
    documents: dict[DocumentId, Document]
    links: tuple[Link, ...]
    words: tuple[Incident, ...]


class Desk:
    """A folder with a database, and the work that is done on it."""

    def __init__(
        self,
        folder: Path | str,
        settings: Settings,
        progress: Callable[[Step], None] | None = None,
        on_wait: Callable[[str], None] | None = None,
    ) -> None:
        """Open the desk in a folder, making both if need be.

        `progress` is told how far each stage is, `on_wait` for whom a run waits. Raises DeskError if
        the folder cannot be used, StoreError if the database cannot.
        """
        self.folder = Path(folder)
        self.settings = settings
        self._progress, self._on_wait = progress, on_wait
        self._alone = False
        make_folder(self.folder)
        self.store = open_store(settings.db or f"sqlite:///{self.folder / _DATABASE}")

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def run(self, paths: Iterable[str | os.PathLike[str]]) -> Published:
        """The main job: from folders and files to a cited brief."""
        with self._one_run():
            self.read(paths)
            self.extract()
            self.fuse()
            self.measure()
            return self.brief()

    def read(self, paths: Iterable[str | os.PathLike[str]]) -> None:
        """Keep the pages of folders and files, find the documents on them, and which are copies."""
        from detente.collect import CollectLimits, open_paths

        limits = CollectLimits(page_bytes=self.settings.page_max_mb * 2**20)
        sources, pages = open_paths(paths, limits)
        with self._one_run():
            self.keep(sources, pages)
            self.read_pages()
            self.find_copies()

    def keep(self, sources: Iterable[Source], pages: Iterable[Page | Failure]) -> None:
        """Keep sources and their pages, with every failure to open one."""
        with self._one_run():
            with self.store.writing() as writing:
                for source in sources:
                    writing.put_source(source)
            for batch in _in_batches(self._counted("collect", pages), self.settings.batch):
                self._keep_batch(batch)

    def read_pages(self) -> None:
        """Find the documents on every page that was not read with this recipe."""
        from detente.read import ReadOptions, read_page

        options = ReadOptions(fields=self._json_fields(), min_words=self.settings.article_min_words)
        recipe = _recipe("read", ("read", "text.py"), options)

        def save(writing: Writing, page: str, found: "ReadPage") -> None:
            writing.put_documents(PageId(page), found.documents, found.remainder)
            writing.unmark("fuse", _ALL)

        task = Task("read", read_page, (partial(replace, options),), _ID)
        self._stage(Page, task, recipe, save)

    def find_copies(self) -> None:
        """Find of which documents those that were not compared yet are copies; nothing else is touched."""
        recipe = _recipe("copies", ("read", "text.py"))
        with self._one_run():
            ids = [DocumentId(id) for id in self.store.pending(Document, "copies", recipe)]
            with self.store.holdings() as held:
                otherwise = held.compared(ids)
            if otherwise:  # by another recipe
                with self.store.writing() as writing:
                    writing.forget_copies()
                ids = [DocumentId(id) for id in self.store.pending(Document, "copies", recipe)]
            done = 0
            for batch in _in_batches(ids, self.settings.batch):
                self._compare(batch, recipe)
                done += len(batch)
                self._tell("copies", done, len(ids))

    def _compare(self, ids: Sequence[DocumentId], recipe: str) -> None:
        """Compare documents with those near them, and mark the groups of copies that change."""
        from detente.read import changed_copies, copy_keys

        with self.store.holdings() as held:
            fresh = {document.id: document for document in held.documents(ids)}
            keys = {id: copy_keys(document) for id, document in fresh.items()}
            changed = changed_copies(fresh, keys, held)
        with self.store.writing() as writing:
            for id, document in fresh.items():
                writing.put_bands(document, keys[id])
                writing.mark("copies", id, recipe)
            writing.replace_documents(changed)

    def extract(self) -> None:
        """Find the events in every document that was not handled with this recipe."""

        def save(writing: Writing, document: str, found: tuple[Event, ...]) -> None:
            writing.put_events(DocumentId(document), found)
            writing.unmark("second", document)
            writing.unmark("fuse", _ALL)

        task, recipe = self.extraction()
        with self._one_run():
            self._stage(Document, task, recipe, save)
            if self.settings.second_reader_url:
                self.ask_second_reader(recipe)
            self.relate()

    def relate(self) -> None:
        """Find the standing relations that every document tells that was not looked at with this recipe."""

        def save(writing: Writing, document: str, found: tuple[Relation, ...]) -> None:
            writing.put_relations(DocumentId(document), found)

        task, recipe = self.relating()
        self._stage(Document, task, recipe, save)

    def ask_second_reader(self, recipe: str) -> None:
        """Have a second reader propose and check events; where it fails, the first reader's stand as they are.

        `recipe` is that of the extraction, whose events are checked.
        """
        from detente.engines import load_engines
        from detente.engines.second_reader import SecondReader
        from detente.extract.second import join_opinions, propose_events
        from detente.packs import load_pack

        def save(writing: Writing, document: str, found: tuple[Event, ...]) -> None:
            first = self.store.find(Event, document=document)
            writing.put_events(DocumentId(document), join_opinions(first, found))
            writing.unmark("fuse", _ALL)

        told = self.settings
        make = partial(
            SecondReader, url=told.second_reader_url, model=told.second_reader_model, seconds=told.second_reader_seconds
        )
        tools = (partial(load_pack, *self._packs()), load_engines, make)
        self._stage(Document, Task("second", propose_events, tools, _ID), f"{make().recipe}+{recipe}", save)

    def extraction(self) -> tuple[Task[Document, tuple[Event, ...]], str]:
        """Give the way in which events are found, and its recipe; a desk for tests gives another."""
        from detente.engines import load_engines
        from detente.extract import Thresholds, extract_events
        from detente.packs import load_pack

        parts = ("extract", "engines", "packs", "text.py")
        told = self.settings
        second = told.second_reader_url and told.second_reader_model  # switched off, its proposals go
        recipe = _recipe("extract", parts, (self.pack().digest, _models_digest(), told.event_threshold, second))
        cut = partial(Thresholds, event=told.event_threshold) if told.event_threshold else Thresholds
        tools = (partial(load_pack, *self._packs()), load_engines, cut)
        return Task("extract", extract_events, tools, _ID), recipe

    def relating(self) -> tuple[Task[Document, tuple[Relation, ...]], str]:
        """Give the way in which relations are found, and its recipe; a desk for tests gives another."""
        from detente.engines import load_engines
        from detente.extract import extract_relations
        from detente.packs import load_pack

        recipe = _recipe("relations", ("extract", "engines", "packs", "text.py"), (self.pack().digest, _models_digest()))
        tools = (partial(load_pack, *self._packs()), load_engines)
        return Task("relations", extract_relations, tools, _ID), recipe

    def fuse(self) -> None:
        """Find which events tell of one incident: of all, or of what changed since the same recipe was at work."""
        from detente.fuse import known_with, read_judgements, shipped_weights

        pack = self.pack()
        recipe = _recipe("fuse", ("fuse", "data/fuse", "text.py"), pack.digest)
        with self._one_run():
            if self.store.recipe_of("fuse", _ALL) == recipe:
                return
            weights = shipped_weights()
            with self.store.holdings() as held:
                judged = read_judgements(self.store.find(Link, incident=_NO_INCIDENT), held)
                stale = held.stale()
                fused_before = self.store.recipe_of("cards", _ALL) == recipe
                told = (held, judged, known_with(pack, weights), weights)
                few = len(stale) <= _FEW or len(stale) <= self.store.count(Document) // 20
                if fused_before and few:
                    writing_of = self._fuse_more(stale, *told)
                else:
                    writing_of = self._fuse_all(*told)
                with self.store.writing() as writing:
                    changed = writing_of(writing)
                    writing.settle_stale(stale, judged.found)
                    writing.mark("fuse", _ALL, recipe)
                    writing.mark("cards", _ALL, recipe)
                    if changed:
                        writing.unmark("measure", _ALL)

    def _fuse_all(
        self, held: "Holdings", judged: "Judged", known: "Known", weights: "Weights"
    ) -> Callable[[Writing], bool]:
        """Give what writes incidents and links of all events, made anew."""
        from detente.fuse import Whole, is_human

        whole = Whole(held.reports(), judged, known, weights, self._tell_fusing)

        def write(writing: Writing) -> bool:
            gone, now = set(self.store.ids(Incident)), _now()
            linked = self.store.count(Link) > 0
            writing.clear_cards()
            for rows in whole.blocks.rows():
                writing.put_blocks(rows)
            for batch in whole.batches(held):
                before = held.links_of([card.event for card in batch.cards]) if linked else ()
                writing.put_machine_links(batch.links, (k for k in before if not is_human(k)), now)
                writing.put_incidents(batch.incidents)
                writing.place_cards(batch.cards)
                gone.difference_update(incident.id for incident in batch.incidents)
            writing.put_machine_links((), (k for k in held.links_without_event() if not is_human(k)), now)
            writing.remove_incidents(gone)
            self._tell("fuse", len(whole), len(whole))
            return True

        return write

    def _fuse_more(
        self, stale: Sequence[DocumentId], held: "Holdings", judged: "Judged", known: "Known", weights: "Weights"
    ) -> Callable[[Writing], bool]:
        """Give what writes the incidents and links that change with some documents."""
        from detente.fuse import fuse_more

        change = fuse_more(stale, held, judged, known, weights)

        def write(writing: Writing) -> bool:
            writing.put_machine_links(change.links, change.withdrawn, _now())
            writing.remove_incidents(change.dissolved)
            writing.put_incidents(change.incidents)
            writing.put_cards(change.fresh, change.gone)
            writing.place_cards(change.moved)
            self._tell("fuse", len(change.fresh), len(change.fresh))
            return bool(change.incidents or change.dissolved)

        return write

    def _tell_fusing(self, what: str, done: int, total: int | None) -> None:  # noqa: ARG002
        self._tell("fuse", done, total)

    def measure(self) -> None:
        """Take the readings of tension; all are taken anew when an incident changed."""
        from detente.measure import measure_desk, weigh_incidents

        pack = self.pack()
        dyads = tuple(tuple(dyad.split("/")) for dyad in self.settings.dyads)
        recipe = _recipe("measure", ("measure",), (pack.digest, dyads, self.settings.brief_threshold))
        with self._one_run():
            if self.store.recipe_of("measure", _ALL) == recipe:
                return
            signals = list(weigh_incidents(self.told_incidents(), pack))
            readings = list(measure_desk(signals, self.store.find(Document), dyads, recipe))
            with self.store.writing() as writing:
                writing.replace_readings(readings)
                writing.mark("measure", _ALL, recipe)
            self._tell("measure", len(readings), len(readings))

    def judge(self, links: Iterable[Link]) -> None:
        """Keep judgements of persons, and link the events anew."""
        with self._one_run():
            with self.store.writing() as writing:
                writing.add_links(links)
                writing.unmark("fuse", _ALL)
            self.fuse()

    def merge(self, one: str, other: str, by: str, why: str) -> None:
        """Judge that two incidents, each named by the beginning of its id, are one."""
        from detente.fuse import merge

        first, second = self._reports_of(one), self._reports_of(other)
        self.judge(merge(first, second, self._sources_of(first + second), by=by, why=why, at=_now()))

    def split(self, event: str, by: str, why: str) -> None:
        """Judge that an event, named by the beginning of its id, tells of an incident of its own."""
        from detente.fuse import split

        told = self._one(Event, event)
        same = (link for link in self.store.find(Link, event=told.id, verdict="same") if link.withdrawn_at is None)
        home = next(link.incident for link in same if link.incident != _NO_INCIDENT)
        rest = self._reports_of(home)
        self.judge(split(told, rest, self._sources_of(rest), by=by, why=why, at=_now()))

    def correct(self, incident: str, field: str, value: str, by: str, why: str) -> None:
        """Correct one field of an incident, named by the beginning of its id."""
        from detente.fuse import judge

        first = self._reports_of(incident)[0]
        sources = self._sources_of([first])
        self.judge([judge(first, None, "same", sources, by=by, why=why, at=_now(), field=field, value=value)])

    def watch(self) -> tuple[tuple["Alert", ...], tuple[str, ...]]:
        """Raise the alerts of the watch list, send and keep them; give them, and which channels failed."""
        from detente import notify
        from detente.measure import desk_turns, raise_alerts, weigh_incidents

        self.fuse()
        self.measure()
        watches = self.watches()
        incidents, readings = list(self.told_incidents()), list(self.store.find(Reading))
        signals = list(weigh_incidents(incidents, self.pack()))
        turns = desk_turns(signals, [watch.dyad for watch in watches if watch.turns])
        path = self.folder / _ALERTS
        raised = notify.read_raised(path)
        alerts = raise_alerts(watches, incidents, readings, turns, raised, _now())
        told, failed = self.settings, []
        if alerts and told.alert_mail_server and told.alert_mail_to:
            failed.append(notify.send_mail(told.alert_mail_server, told.alert_mail_to, alerts))
        if alerts and told.alert_webhook:
            failed.append(notify.call_webhook(told.alert_webhook, alerts))
        notify.append_alerts(path, alerts)
        return alerts, tuple(problem for problem in failed if problem)

    def latest_readings(self) -> tuple[Reading, ...]:
        """Give the last reading of each dyad that has a value, the tensest first."""
        last: dict[tuple[str, ...], Reading] = {}
        for reading in sorted(self.store.find(Reading), key=lambda r: (r.day, r.id)):
            if reading.value is not None:
                last[reading.dyad] = reading
        return tuple(sorted(last.values(), key=lambda r: (-(r.value or 0), r.dyad)))

    def incidents(self) -> tuple[Incident, ...]:
        """Give the incidents that several reports tell or that are disputed, the most told first."""
        found = (i for i in self.store.find(Incident) if len(i.events) > 1 or i.contradictions)
        return tuple(sorted(found, key=lambda i: (-len(i.events), i.id)))

    def open_incident(self, text: str) -> "Told":
        """Give an incident, named by the beginning of its id, with all that it rests on."""
        incident = self._one(Incident, text)
        events = tuple(self.store.each(Event, incident.events))
        return Told(
            incident=incident, events=events, documents=self._claimed(incident),
            links=tuple(self.store.find(Link, event=list(incident.events))),
            words=tuple(i for i in self.store.find(Incident) if incident.id in i.about),
        )  # fmt: skip

    def judgements(self) -> tuple[Link, ...]:
        """Give what persons judged, withdrawn judgements included, oldest first."""
        found = self.store.find(Link, incident=_NO_INCIDENT)
        return tuple(sorted(found, key=lambda link: (link.at, link.id)))

    def lost_judgements(self) -> frozenset[LinkId]:
        """Give the judgements that stand and change nothing, because their events are gone."""
        standing = {link.id for link in self.judgements() if link.withdrawn_at is None}
        with self.store.holdings() as held:
            return frozenset(standing - held.resolved().keys())

    def _reports_of(self, incident: str) -> list[Event]:
        return list(self.store.each(Event, self._one(Incident, incident).events))

    def _claimed(self, incident: Incident) -> dict[DocumentId, Document]:
        ids = {claim.document for claim in incident.claims}
        return {document.id: document for document in self.store.each(Document, sorted(ids))}

    def _sources_of(self, events: Iterable[Event]) -> dict[DocumentId, Document]:
        return {d.id: d for d in self.store.each(Document, sorted({event.document for event in events}))}

    def _one(self, kind: type[T], text: str) -> T:
        """Give the one record whose id begins with a text; raises DeskError if none or several do."""
        found = self.store.match(kind, text)
        if len(found) != 1:
            name = kind.__name__.lower()
            raise DeskError(f"{len(found)} {name}s have an id that begins with {text!r}; give all of it")
        return next(self.store.each(kind, found))

    def undo(self, judgement: str) -> Link:
        """Withdraw a person's judgement, named by the beginning of its id, with the links made in the same act.

        The ledger keeps them.
        """
        judged = self.judgements()
        found = [link for link in judged if link.id.startswith(judgement)]
        if len(found) != 1:
            raise DeskError(f"{len(found)} judgements begin with {judgement!r}; see: detente review list")
        with self._one_run():
            with self.store.writing() as writing:
                for link in judged:
                    if (link.by, link.at) == (found[0].by, found[0].at):
                        writing.withdraw_link(link.id, _now())
                writing.unmark("fuse", _ALL)
            self.fuse()
        return found[0]

    def brief(self) -> Published:
        """Write the brief of the period into the desk's folder, as HTML, Markdown and JSON."""
        from detente import publish

        with self._one_run():
            view = self.compose()
            files = []
            for name, render in (
                ("brief.html", publish.render_html),
                ("brief.md", publish.render_markdown),
                ("brief.json", publish.render_json),
            ):
                with _whole_file(self.folder / name) as draft:
                    draft.write_text(render(view), encoding="utf-8", errors="replace")
                files.append(self.folder / name)
                self._tell("brief", len(files), 3)
            with self.store.writing() as writing:
                writing.add_brief(view.brief)
                writing.mark("brief", _LAST, view.brief.id)
            return Published(brief=view.brief, files=tuple(files))

    def compose(self) -> "BriefView":
        """Give the brief of the period with all that its pictures show."""
        from detente.publish import compose_brief

        (events, incidents), documents = self.told(), list(self.store.find(Document))
        readings = list(self.store.find(Reading))
        return compose_brief(
            events,
            documents,
            incidents,
            readings,
            self.settings.since,
            self._until(),
            pack=self.pack(),
            title=self.settings.title or None,
            findings=self._findings(events, incidents, documents, readings),
            briefs=self._last_briefs(),
        )

    def told(self) -> tuple[list[Event], list[Incident]]:
        """Give the incidents that are surely enough read to be told, and their events that are."""
        incidents = list(self.told_incidents())
        return list(self.store.each(Event, [id for incident in incidents for id in incident.events])), incidents

    def told_incidents(self) -> Iterator[Incident]:
        """Give the incidents that are surely enough read, as a stream, without their events that are not.

        An incident is told where the chance that at least one document's reading of it is right reaches the threshold:
        one sure reading is enough, and two of different documents bear each other out. Words about an incident that is
        told need half of that.
        """
        roots = {id: copy_of or id for id, copy_of in self.store.keys(Document, "id", "copy_of")}
        scores = {
            id: (roots.get(document, document), score if full is None else full)
            for id, document, score, full in self.store.keys(Event, "id", "document", "score", "full_score")
        }
        least, told, words = self.settings.brief_threshold, set[str](), list[Incident]()
        for incident in self.store.find(Incident):
            read = [(id, *scores[id]) for id in incident.events if id in scores]
            if kept := _sure_events(read, least):
                told.add(incident.id)
                yield _with_events(incident, kept)
            elif incident.about and (kept := _sure_events(read, least / 2)):
                words.append(_with_events(incident, kept))
        yield from (incident for incident in words if told & set(incident.about))

    def narratives(self) -> tuple[tuple["Narrative", ...], tuple["Synchrony", ...]]:
        """Give the claims that several outlets tell, and which outlets tell them in step."""
        from detente.measure import find_synchrony, trace_narratives

        events, incidents = self.told()
        found = trace_narratives(incidents, events, self.store.find(Document), self.pack())
        return found, find_synchrony(found)

    def documents_of(self, narratives: Iterable["Narrative"]) -> dict[DocumentId, Document]:
        """Give the documents that tell or deny some narratives, by id."""
        told = {telling.document for each in narratives for telling in (*each.tellings, *each.denials)}
        return {document.id: document for document in self.store.each(Document, sorted(told))}

    def relations(self, sides: Iterable[str] = ()) -> tuple[tuple[Relation, Document], ...]:
        """Give the standing relations with their documents; of some sides (codes or names) those alone."""
        asked = {side.casefold() for side in sides}
        found = [r for r in self.store.find(Relation) if not asked or asked & _names_in(r)]
        documents = {d.id: d for d in self.store.each(Document, sorted({r.document for r in found}))}
        found.sort(key=lambda r: (r.kind, r.subject.name, r.object.name, r.known_at, r.id))
        return tuple((relation, documents[relation.document]) for relation in found)

    def _findings(
        self, events: Sequence[Event], incidents: Sequence[Incident], documents: Sequence[Document],
        readings: Sequence[Reading],
    ) -> "Findings":  # fmt: skip
        """Give what is measured for a brief: pure, so that looking raises no alert and sends nothing."""
        from detente.measure import desk_turns, find_synchrony, trace_narratives, weigh_incidents
        from detente.publish import Findings

        signals = list(weigh_incidents(incidents, self.pack()))
        watches = self.watches()
        dyads: set[tuple[str, ...]] = {r.dyad for r in readings if len(r.dyad) == 2}
        dyads |= {tuple(sorted(watch.dyad)) for watch in watches if watch.turns}
        turns = desk_turns(signals, sorted(dyads))
        narratives = trace_narratives(incidents, events, documents, self.pack())
        return Findings(
            turns=turns, narratives=narratives, synchrony=find_synchrony(narratives),
            relations=tuple(self.store.find(Relation)), watches=tuple(watch.name for watch in watches),
            alerts=_due(watches, incidents, readings, turns, self._last_day(readings)),
        )  # fmt: skip

    def watches(self) -> tuple["Watch", ...]:
        """Give the watch list of desk.toml."""
        from detente.measure import read_watches

        return read_watches(watch_tables(self.folder))

    def _last_day(self, readings: Sequence[Reading]) -> datetime:
        """Give the end of the period, from which the brief looks back."""
        until = self._until()
        return until or max((r.day + timedelta(days=1) for r in readings), default=_now())

    def _last_briefs(self) -> tuple[Brief, ...]:
        """Give the brief that was made last on this desk, and the one that it was compared with."""
        last = self.store.get(Brief, self.store.recipe_of("brief", _LAST) or "")
        before = self.store.get(Brief, last.previous) if last and last.previous else None
        return tuple(brief for brief in (last, before) if brief is not None)

    def export(self, form: str, path: Path | str | None = None) -> Path:
        """Write all events with their documents into a file, and give its path."""
        from detente.publish.export import export_name, export_reports

        target = Path(path) if path else self.folder / export_name(form)
        export_reports(self._reports(), form, target, pack=self.pack())
        return target

    def trace(self, text: str) -> Trace:
        """Give every record made from one document, named by the beginning of its id, a part of its title,
        or its file's name. Raises DeskError if none or several are meant.
        """  # fmt: skip
        document = self.store.get(Document, self._one_document(text))
        assert document is not None
        links = tuple(self.store.find(Link, event=self.store.ids(Event, document=document.id)))
        page = self.store.get(Page, document.page)
        return Trace(
            document=document,
            source=self.store.get(Source, page.source) if page else None,
            page=page,
            remainder=self.store.remainder(document.page),
            copies=tuple(self.store.find(Document, copy_of=document.id)),
            events=tuple(self.store.find(Event, document=document.id)),
            relations=tuple(self.store.find(Relation, document=document.id)),
            links=links,
            incidents=tuple(self.store.each(Incident, sorted({link.incident for link in links}))),
            failures=tuple(self.store.find(Failure, subject=[document.id, document.page])),
            recipes=tuple(self._recipes_of(document)),
        )

    def annotate(self, text: str) -> tuple[Document, tuple[Event, ...]]:
        """Give a document, named as for `trace`, with its events in the order of the text.

        Raises DeskError if none or several are meant, or if its events were not looked for yet.
        """
        document = self.store.get(Document, self._one_document(text))
        assert document is not None
        if self.store.recipe_of("extract", document.id) is None:
            raise DeskError(f"{document.title or document.url}: no events yet; run first: detente extract --desk {self.folder}")
        events = self.store.find(Event, document=document.id)
        return document, tuple(sorted(events, key=lambda event: (event.quote, event.id)))

    def write_annotation(self, document: Document, events: Iterable[Event], path: Path) -> Path:
        """Write a document with its events in the margin as an HTML page, and give its path."""
        from detente.publish.annotate import render_annotation

        with _whole_file(path) as draft:
            draft.write_text(render_annotation(document, events), encoding="utf-8")
        return path

    def failures(self) -> tuple[tuple[Failure, str], ...]:
        """Give all failures with the name of what they befell, in the order of the stages."""
        found = list(self.store.find(Failure))
        names = self._names_of([failure.subject for failure in found if failure.stage != "collect"])
        named = [(failure, names.get(failure.subject, failure.subject)) for failure in found]
        return tuple(sorted(named, key=lambda pair: (_ORDER.get(pair[0].stage, 9), pair[1], pair[0].id)))

    def info(self) -> dict[str, object]:
        """Give what the desk holds, and where."""
        kinds = (Source, Page, Document, Event, Relation, Link, Incident, Reading, Brief, Failure)
        counts: dict[str, object] = {f"{kind.__name__.lower()}s": self.store.count(kind) for kind in kinds}
        copies = sum(1 for d in self.store.find(Document) if d.copy_of is not None)
        return {
            "desk": str(self.folder),
            "database": self.store.address,
            "schema": self.store.schema,
            **counts,
            "copies": copies,
        }

    def pack(self) -> "Pack":
        """Give the pack that the settings name."""
        from detente.packs import load_pack

        return load_pack(*self._packs())

    def _packs(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        from detente.packs import shipped_packs

        folders = self.settings.pack_folders
        own = sorted(head.parent.name for folder in folders for head in Path(folder).glob("*/pack.yml"))
        return self.settings.packs or (*shipped_packs(), *own), folders

    @contextmanager
    def _one_run(self) -> Iterator[None]:
        """Hold the run lock, unless this desk holds it already."""
        if self._alone:
            yield
            return
        with self.store.run_lock(self.settings.wait_seconds, self._on_wait):
            self._alone = True
            try:
                yield
            finally:
                self._alone = False

    def _reports(self) -> Iterator[tuple[Document, list[Event]]]:
        """Give the documents with their events of the period, page after page, as a stream."""
        keys = self.store.keys(Document, "url", "page", "id")
        for _, on_page in groupby(keys, key=lambda key: key[:2]):
            documents = self.store.each(Document, [id for _, _, id in on_page])
            for document in sorted(documents, key=_place_on_page):
                events = filter(self._in_period, self.store.find(Event, document=document.id))
                yield document, sorted(events, key=lambda event: (event.quote, event.id))

    def _until(self) -> datetime | None:
        """Give the last instant of the period: a day that is named belongs to it whole."""
        until = self.settings.until
        if until is None or until.timetz() != time.min.replace(tzinfo=UTC):
            return until
        return until + timedelta(days=1, microseconds=-1)

    def _in_period(self, event: Event) -> bool:
        since, until = self.settings.since, self._until()
        first, last = (event.when.earliest, event.when.latest) if event.when else (event.known_at,) * 2
        return (since is None or last >= since) and (until is None or first <= until)

    def _json_fields(self) -> dict[str, str]:
        pairs = [field.partition("=") for field in self.settings.json_fields]
        if not all(equals and name.strip() and key.strip() for name, equals, key in pairs):
            told = ",".join(self.settings.json_fields)
            raise SettingError(f"json_fields is {told!r}, but must be field=key,field=key")
        return {name.strip(): key.strip() for name, _, key in pairs}

    def _stage(
        self, kind: type[T], task: Task[T, R], recipe: str, save: Callable[[Writing, str, R], None]
    ) -> None:
        """Run a stage over what is pending for it, a batch a transaction."""
        with self._one_run():
            ids = self.store.pending(kind, task.stage, recipe, self.settings.retry)
            runtime = choose_runtime(self.settings, len(ids))
            done = failed = 0
            results = runtime.map(task, self.store.each(kind, ids))
            for batch in _in_batches(zip(ids, results, strict=True), self.settings.batch):
                with self.store.writing() as writing:
                    failed += sum(self._save(writing, task.stage, recipe, save, *pair) for pair in batch)
                done += len(batch)
                self._tell(task.stage, done, len(ids), failed)

    def _save(
        self,
        writing: Writing,
        stage: str,
        recipe: str,
        save: Callable[[Writing, str, R], None],
        id: str,
        result: R | Failure,
    ) -> bool:
        """Keep what a stage made of an item, with its mark; say whether it failed."""
        if isinstance(result, Failure):
            writing.fail(_failure_of(id, result), recipe)
            return True
        save(writing, id, result)
        writing.mark(stage, id, recipe)
        return False

    def _tell(self, stage: str, done: int, total: int | None, failed: int = 0) -> None:
        if self._progress is not None:
            self._progress(Step(stage=stage, done=done, total=total, failed=failed))

    def _counted(self, stage: str, items: Iterable[Page | Failure]) -> Iterator[Page | Failure]:
        failed = 0
        for done, item in enumerate(items, 1):
            failed += isinstance(item, Failure)
            yield item
            self._tell(stage, done, None, failed)

    def _keep_batch(self, batch: Sequence[Page | Failure]) -> None:
        pages = [item for item in batch if isinstance(item, Page)]
        if self.settings.known_at is not None:
            pages = [replace(page, fetched_at=self.settings.known_at) for page in pages]
        with self.store.writing() as writing:
            writing.add_pages(pages)
            for item in batch:
                if isinstance(item, Failure):
                    writing.fail(item)
                else:
                    writing.settle("collect", unquote(item.url))

    def _one_document(self, text: str) -> DocumentId:
        found = self.store.match_documents(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise DeskError(
                f"no document's id, title or file name matches {text!r}; see: detente export json"
            )
        names = self._names_of(found[:10])
        shown = "".join(f"\n  {id}  {names[id]}" for id in found[:10])
        more = f"\n  and {len(found) - 10} more" if len(found) > 10 else ""
        raise DeskError(f"{text!r} matches {len(found)} documents; name one by its id:{shown}{more}")

    def _names_of(self, ids: Sequence[str]) -> dict[str, str]:
        """Give the titles of documents and the places of pages, by id."""
        names: dict[str, str] = {d.id: d.title or d.url for d in self.store.each(Document, ids)}
        names.update((page.id, page.url) for page in self.store.each(Page, ids))
        return names

    def _recipes_of(self, document: Document) -> Iterator[tuple[str, str]]:
        own = dict.fromkeys(("copies", "extract", "second", "relations"), document.id)
        subjects = {"read": document.page, **own, "fuse": _ALL, "measure": _ALL}
        for stage, subject in subjects.items():
            recipe = self.store.recipe_of(stage, subject)
            if recipe is not None:
                yield stage, recipe


_ORDER = {"collect": 0, "read": 1, "copies": 2, "extract": 3, "second": 3, "relations": 3, "fuse": 4, "measure": 5, "brief": 9}


def open_desk(
    settings: Settings,
    progress: Callable[[Step], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
    must_exist: bool = False,
) -> Desk:
    """Open the desk that the settings name; raises DeskError if it must exist and does not."""
    folder = Path(settings.desk)
    if must_exist and not settings.db and not (folder / _DATABASE).exists():
        raise DeskError(f"there is no desk in {folder}; make one with: detente run FOLDER --desk {folder}")
    return Desk(folder, settings, progress, on_wait)


def read_cases(pack: str) -> tuple[int, list[str]]:
    """Read the cases of a pack (a folder or a shipped name): how many there are, and what is read otherwise."""
    from detente.engines import load_engines
    from detente.extract import check_cases
    from detente.packs import find_pack, load_pack

    folder = find_pack(pack).resolve()
    loaded = load_pack([str(folder)])
    cases = [case for case in loaded.cases if Path(case.file).parent.resolve() == folder]
    return len(cases), [str(fault) for fault in check_cases(cases, loaded, load_engines())]


def make_folder(folder: Path) -> None:
    """Make a desk's folder; raises DeskError if that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DeskError(f"{folder} cannot be a desk ({reason}); choose another folder with --desk") from None


def init_desk(folder: Path) -> Path:
    """Make a desk's folder with a settings file, and give the file; one that is there stays as it is."""
    make_folder(folder)
    path = folder / FILE_NAME
    if not path.exists():
        path.write_text(default_file(), encoding="utf-8")
    return path


def _sure_events(told: Sequence[tuple[EventId, str, float]], least: float) -> set[EventId]:
    """Give the events of an incident (id, document, chance) that may be told: none where all together are not sure enough."""
    from detente.publish import joint_chance

    if joint_chance((document, chance) for _, document, chance in told) < least - 1e-9:
        return set()
    return {id for id, _, chance in told if chance >= _FAINT * least}


def _with_events(incident: Incident, sure: set[EventId]) -> Incident:
    """Give an incident without the events, and their claims, that are not sure enough to be told.

    What words about it claim (a motive, the damage) stays: that rests on the words, not on the reading of an act.
    """
    unsure = set(incident.events) - sure
    claims = tuple(claim for claim in incident.claims if claim.event not in unsure)
    kept = set(claims)
    disputed = (
        replace(each, claims=tuple(claim for claim in each.claims if claim in kept)) for each in incident.contradictions
    )
    return replace(
        incident, events=tuple(e for e in incident.events if e in sure), claims=claims,
        contradictions=tuple(c for c in disputed if len({(claim.value, claim.stance) for claim in c.claims}) > 1),
    )  # fmt: skip


def _names_in(relation: Relation) -> set[str]:
    ends = (relation.subject, relation.object)
    return {name.casefold() for actor in ends for name in (actor.name, actor.country or "", *actor.aliases)}


def _due(
    watches: Sequence["Watch"], incidents: Sequence[Incident], readings: Sequence[Reading],
    turns: Mapping[tuple[str, ...], Sequence["Turn"]], end: datetime,
) -> tuple["Alert", ...]:  # fmt: skip
    """Give what the watch list finds in the days before the end of a period, raised before or not."""
    from detente.measure import raise_alerts

    return raise_alerts(watches, incidents, readings, turns, {}, end)


def _now() -> datetime:
    return datetime.now(UTC)


def _place_on_page(document: Document) -> tuple[int, str]:
    return document.pieces[0].page_span.start if document.pieces else 0, document.id


def _failure_of(id: str, failure: Failure) -> Failure:
    """Give the failure under the id of the item, so that a later success finds and settles it."""
    digest = FailureId(make_id("failure", failure.stage, id, failure.error, failure.message))
    return replace(failure, id=digest, subject=id)


def _in_batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Give the items in lists of at most `size`, fewer where pages are large."""
    batch: list[Any] = []
    weight = 0
    for item in items:
        batch.append(item)
        weight += len(item.body) if isinstance(item, Page) else 0
        if len(batch) >= size or weight >= _BATCH_BYTES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _recipe(stage: str, parts: Sequence[str], told: object = ()) -> str:
    """Give the recipe of a stage: digest of its code, and of all else that its result depends on."""
    digest = hashlib.sha256(repr(told).encode())
    for part in (*parts, "records.py"):
        path = _PACKAGE / part
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            digest.update(file.read_bytes())
    return f"{stage}-{digest.hexdigest()[:16]}"


def _models_digest() -> str:
    """Give the digest of all manifests: each holds the digests of its model's weights."""
    files = sorted((_PACKAGE / "models").rglob("manifest.json"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """Give a draft to write that takes the place of `path` at the end: it is there whole or not at all."""
    draft = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        raise DeskError(
            f"{path} cannot be written ({error.strerror or error}); choose another place"
        ) from None
    finally:
        draft.unlink(missing_ok=True)
