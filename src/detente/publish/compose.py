"""From records to a brief: pure, so that the same records always give the same bytes.

::

    events, incidents ─ gather_entries ─> Entry (one line of what was reported, with its citations)
    entries ─> key judgements by dyad, timeline, deeds (who did what to whom), series, places,
               claims by speaker, disputes ─> sections of a Brief
    Findings (readings, turns, narratives, relations, alerts) ─> the index in words, tales, ties, watches
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from detente.packs import Pack
from detente.publish.changes import HISTORY, TIMELINE, Changes, change_sections, compare_briefs
from detente.publish.disputes import Dispute, find_disputes
from detente.publish.entries import Entry, Telling, gather_entries, is_citable
from detente.publish.ledger import Ledger, open_ledgers
from detente.publish.narratives import Pairing, Tale, gather_pairings, gather_tales
from detente.publish.relations import Tie, gather_ties, ties_of
from detente.publish.sentences import clean_text, join_names, last_instant, name_day
from detente.publish.sources import SourceRow, list_sources
from detente.publish.tension import DyadTension, tell_tension
from detente.publish.watching import WatchReport, report_watches
from detente.records import (
    Alert,
    Brief,
    BriefId,
    Document,
    Event,
    Incident,
    Line,
    Narrative,
    Reading,
    Relation,
    Section,
    Synchrony,
    Turn,
    make_id,
)

RECIPE = "brief 2"
MOST_DYADS = 8  # groups of key judgements
OTHERS = ("Other parties",)  # stands for the dyads of one entry
MOST_LINES = 5  # key judgements of one dyad
MOST_TIES = 6  # standing relations beside one dyad
LOOK_BACK = timedelta(days=62)  # before the first report: what is older is history told beside the news


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was measured beside the incidents; whatever is not at hand stays empty and is not told."""

    turns: Mapping[tuple[str, ...], Sequence[Turn]] = field(default_factory=dict)  # by the sides of a dyad
    narratives: tuple[Narrative, ...] = ()
    synchrony: tuple[Synchrony, ...] = ()
    relations: tuple[Relation, ...] = ()
    watches: tuple[str, ...] = ()  # names of the watch list
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """The key judgements of one dyad, most weighty first."""

    dyad: tuple[str, ...]
    entries: tuple[Entry, ...]
    conflict: int  # entries of the dyad in the period, of either kind
    cooperation: int
    left_out: int  # entries of the dyad that are only in the timeline
    ties: tuple[Tie, ...] = ()  # standing relations of its sides
    more_ties: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What one party did to another, counted."""

    actor: str
    recipient: str
    conflict: int
    cooperation: int
    tone: float  # mean intensity, -10 to +10
    entries: tuple[str, ...]  # ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """The claims of one speaker, in order of time."""

    speaker: str
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefView:
    """A brief with what its pictures and tables show; `render_*` turn it into files."""

    brief: Brief
    entries: tuple[Entry, ...]  # in order of time, undated last
    judgements: tuple[Judgements, ...]
    deeds: tuple[Deed, ...]
    statements: tuple[Statements, ...]
    disputes: tuple[Dispute, ...]
    sources: tuple[SourceRow, ...]
    documents: tuple[Document, ...]  # in the order of `sources`
    readings: tuple[Reading, ...]
    left_out: int  # events whose words or document were not given
    outside: int  # entries outside the period
    changes: Changes | None  # None: no brief came before
    tension: tuple[DyadTension, ...]
    ledgers: tuple[Ledger, ...]
    tales: tuple[Tale, ...]
    pairings: tuple[Pairing, ...]
    ties: tuple[Tie, ...]
    watches: tuple[WatchReport, ...]

    def entry(self, id: str) -> Entry:
        """Give the entry of an id."""
        return next(entry for entry in self.entries if entry.id == id)

    @property
    def current(self) -> tuple[Entry, ...]:
        """The entries that are news of the period, not history told beside it."""
        return tuple(entry for entry in self.entries if not entry.background)


def compose_brief(
    events: Iterable[Event],
    documents: Iterable[Document],
    incidents: Iterable[Incident] = (),
    readings: Iterable[Reading] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    pack: Pack | None = None,
    title: str | None = None,
    made_at: datetime | None = None,
    findings: Findings | None = None,
    briefs: Sequence[Brief] = (),
) -> BriefView:
    """Give the brief of a period: every line cites the words it rests on.

    Without `since` and `until` the period is that of the documents' dates; events that ended more
    than 62 days before it are kept apart as background. `made_at` defaults to the latest `known_at`, so
    that the same records give the same bytes. The pack, where given, tells outlets' standing and
    the intensity of types. Events whose document or words are missing are counted, not shown. `briefs` are
    those made before, the latest first: the first that is not this very brief is compared with.
    """
    ordered = _order_documents(documents)
    by_id = {document.id: document for document in ordered}
    all_events = sorted({event.id: event for event in events}.values(), key=lambda event: event.id)
    citable = [event for event in all_events if is_citable(event, by_id)]
    made_at = made_at or max(
        (document.known_at for document in ordered), default=datetime(1970, 1, 1, tzinfo=UTC)
    )
    start, end = _period(ordered, since, until)
    old = since or (start - LOOK_BACK if start else None)
    every = gather_entries(citable, by_id, tuple(incidents), pack=pack, before=old)
    entries = tuple(entry for entry in every if _in_period(entry, since, until))
    found = findings or Findings()
    ties = gather_ties(found.relations, by_id, pack)
    judgements = _judge(entries, ties)
    disputes = find_disputes(entries, by_id)
    told = tuple(readings)
    tension = tell_tension(told, found.turns, every, start if since else None, until, pack)
    tales, ledgers = gather_tales(found.narratives, entries, by_id), open_ledgers(entries, by_id)
    pairings = gather_pairings(found.synchrony, found.narratives, by_id)
    watches = report_watches(found.watches, found.alerts, entries)
    brief_id = BriefId(
        make_id("brief", RECIPE, [(each.id, each.line.text) for each in entries], [*by_id], str(start), str(end))
    )
    previous = next((brief for brief in briefs if brief.id != brief_id), None)
    changes = compare_briefs(previous, entries, every, by_id) if previous else None
    statements = _collect_statements(entries)
    sources = list_sources(ordered, citable, pack)
    brief = Brief(
        id=brief_id, previous=previous.id if previous else None,
        title=clean_text(title) if title else _title(judgements, len(ordered)),
        made_at=made_at, since=start, until=end, recipe=RECIPE,
        sections=(
            *_sections(entries, judgements, statements, disputes),
            *_further_sections(tension, ledgers, tales, pairings, ties, watches, changes),
        ),
    )  # fmt: skip
    return BriefView(
        brief=brief, entries=entries, judgements=judgements, deeds=_count_deeds(entries),
        statements=statements, disputes=disputes, sources=sources, documents=tuple(ordered),
        readings=told, left_out=len(all_events) - len(citable), outside=len(every) - len(entries),
        changes=changes, tension=tension, ledgers=ledgers, tales=tales, pairings=pairings, ties=ties, watches=watches,
    )  # fmt: skip


def _order_documents(documents: Iterable[Document]) -> list[Document]:
    """Earliest published first, undated last; then by address, so that the order is always the same."""
    unique = {document.id: document for document in documents}
    return sorted(
        unique.values(),
        key=lambda each: (
            each.published is None,
            each.published.earliest if each.published else each.known_at,
            each.url,
            each.pieces[0].page_span.start if each.pieces else 0,
            each.id,
        ),
    )


def _period(
    documents: Sequence[Document], since: datetime | None, until: datetime | None
) -> tuple[datetime | None, datetime | None]:
    dated = [document.published for document in documents if document.published is not None]
    if not dated:
        return since, until
    return since or min(when.earliest for when in dated), until or max(last_instant(when) for when in dated)


def _in_period(entry: Entry, since: datetime | None, until: datetime | None) -> bool:
    """Tell whether an entry belongs to an asked period: by its own time, or else by when it was told."""
    when = entry.when or entry.told
    if when is None:
        return since is None and until is None
    return (since is None or last_instant(when) >= since) and (until is None or when.earliest <= until)


def _judge(entries: Sequence[Entry], ties: Sequence[Tie] = ()) -> tuple[Judgements, ...]:
    """Group news by dyad, weightiest dyads first."""
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        if not entry.background:
            groups.setdefault(entry.dyad, []).append(entry)
    ranked = sorted(groups.items(), key=lambda item: (-_weigh_group(item[1]), item[0]))
    lone = [(dyad, group) for dyad, group in ranked[1:] if len(group) == 1]
    full = [item for item in ranked if item not in lone] if len(lone) > 1 else ranked
    judged: list[Judgements] = []
    for dyad, group in full[:MOST_DYADS]:
        seen = {tie.line for other in judged for tie in other.ties}
        fresh = [tie for tie in ties if tie.line not in seen or set(tie.sides) == set(dyad)]
        judged.append(_judge_dyad(dyad, group, fresh))
    if len(lone) > 1:
        judged.append(_judge_dyad(OTHERS, [entry for _, group in lone for entry in group]))
    return tuple(judged)


def _weigh_group(group: Sequence[Entry]) -> float:
    """Weigh a dyad by its gravest entries: many small things do not bury a great one."""
    weights = sorted((entry.weight for entry in group), reverse=True)
    between = 1.0 if len(group[0].dyad) > 1 else 0.4
    return between * (2 * weights[0] + sum(weights[1:MOST_LINES]))


def _judge_dyad(dyad: tuple[str, ...], group: Sequence[Entry], ties: Sequence[Tie] = ()) -> Judgements:
    best = sorted(group, key=lambda entry: (-entry.weight, entry.sort_key))[:MOST_LINES]
    conflict = sum(entry.conflict for entry in group)
    shown, more = ties_of(dyad, ties, MOST_TIES) if len(dyad) > 1 else ((), 0)
    return Judgements(
        dyad=dyad, entries=tuple(sorted(best, key=lambda entry: entry.sort_key)), conflict=conflict,
        cooperation=len(group) - conflict, left_out=len(group) - len(best), ties=shown, more_ties=more,
    )  # fmt: skip


def _count_deeds(entries: Sequence[Entry]) -> tuple[Deed, ...]:
    """Count who did what to whom; acts of equals count in both directions, denied acts not at all."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if not entry.background and entry.status != "denied":
            for pair in entry.pairs:
                found.setdefault(pair, []).append(entry)
    deeds = [_count_deed(pair, group) for pair, group in found.items()]
    return tuple(
        sorted(deeds, key=lambda deed: (-deed.conflict - deed.cooperation, deed.actor, deed.recipient))
    )


def _count_deed(pair: tuple[str, str], group: Sequence[Entry]) -> Deed:
    conflict = sum(entry.conflict for entry in group)
    return Deed(
        actor=pair[0], recipient=pair[1], conflict=conflict, cooperation=len(group) - conflict,
        tone=round(sum(entry.intensity for entry in group) / len(group), 2),
        entries=tuple(entry.id for entry in group),
    )  # fmt: skip


def _collect_statements(entries: Sequence[Entry]) -> tuple[Statements, ...]:
    """Group what stands on somebody's word by that somebody; the most talkative first."""
    found: dict[str, list[Telling]] = {}
    for entry in entries:
        for telling in entry.tellings:
            found.setdefault(telling.speaker, []).append(telling)
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Statements(speaker=speaker, tellings=tuple(group)) for speaker, group in ranked)


def _title(judgements: Sequence[Judgements], documents: int) -> str:
    """Name the sides that the period was most about: two, or three where a third is nearly as weighty."""
    weights = Counter[str]()
    for group in judgements:
        for side in {side.partition(":")[0] for side in group.dyad if group.dyad != OTHERS}:
            weights[side] += round(1000 * sum(entry.weight for entry in group.entries))
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    names = [name for name, weight in ranked[:3] if weight * 4 >= ranked[0][1]]
    if names:
        return join_names(names)
    return "No event found in " + ("one document" if documents == 1 else f"{documents} documents")


def _sections(
    entries: Sequence[Entry],
    judgements: Sequence[Judgements],
    statements: Sequence[Statements],
    disputes: Sequence[Dispute],
) -> tuple[Section, ...]:
    """Give the lines as records; a section without lines is left out."""
    sections = [
        Section(title=f"What the period brought: {name_dyad(group.dyad)}", lines=_lines(group.entries))
        for group in judgements
    ]
    news = _lines([entry for entry in entries if not entry.background])
    history = _lines([entry for entry in entries if entry.background])
    sections += [
        Section(title=TIMELINE, lines=news),
        Section(title=HISTORY, lines=history),
    ]
    sections += [
        Section(title=f"Who says what: {each.speaker}", lines=_lines(each.tellings)) for each in statements
    ]
    sections += [Section(title=f"Disputed: {each.about}", lines=each.lines) for each in disputes]
    return tuple(section for section in sections if section.lines)


def _further_sections(
    tension: Sequence[DyadTension], ledgers: Sequence[Ledger], tales: Sequence[Tale], pairings: Sequence[Pairing],
    ties: Sequence[Tie], watches: Sequence[WatchReport], changes: Changes | None,
) -> tuple[Section, ...]:  # fmt: skip
    """Give the lines of what was measured as records; a section without lines is left out."""
    sections = change_sections(changes)
    sections += [
        Section(title=f"Watch list: {each.watch}", lines=tuple(raised.line for raised in each.raised)) for each in watches
    ]
    for each in tension:
        turnings = [turning.line for turning in each.turnings]
        steps = [step.line for step in each.steps if step.line]
        sections.append(Section(title=f"Turning points: {name_dyad(each.dyad)}", lines=tuple(turnings)))
        sections.append(Section(title=f"Index of tension: {name_dyad(each.dyad)}", lines=tuple(steps)))
    sections += [Section(title=f"How it was told: {tale.about}", lines=tuple(p.line for p in tale.passings)) for tale in tales]
    sections += [
        Section(title="Outlets that tell the same claims", lines=tuple(pairing.line for pairing in pairings)),
        Section(title="Standing relations", lines=tuple(tie.line for tie in ties)),
    ]
    sections += [
        Section(title=f"Claims: {ledger.entry.line.text}", lines=tuple(row.line for row in ledger.rows)) for ledger in ledgers
    ]
    return tuple(section for section in sections if section.lines)


def _lines(entries: Iterable[Entry | Telling]) -> tuple[Line, ...]:
    return tuple(entry.line for entry in entries)


def name_dyad(dyad: tuple[str, ...]) -> str:
    """Give "Armenia and Azerbaijan"; a dyad of one is a party at home or with nobody told."""
    if len(dyad) > 1:
        return " and ".join(dyad)
    return dyad[0] if dyad in (OTHERS, ("Parties not named",)) else f"{dyad[0]}, at home or alone"


def name_period(view: BriefView) -> str:
    """Give the period in words."""
    since, until = view.brief.since, view.brief.until
    if since is None and until is None:
        return "dates not told"
    if since and until and since.date() == until.date():
        return name_day(since)
    return f"{name_day(since) if since else 'the beginning'} to {name_day(until) if until else 'today'}"
