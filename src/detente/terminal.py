"""What the command line shows: bars while it works, tables and trees afterwards.

Text from outside is hostile: it is shown without its control characters and never read as markup.
"""

import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from detente.records import (
    Actor,
    Document,
    DocumentId,
    Event,
    Incident,
    Link,
    LinkId,
    Narrative,
    Reading,
    Relation,
    Retelling,
    Synchrony,
    When,
)

if TYPE_CHECKING:
    from detente.desk import Published, Step, Told, Trace
    from detente.measure import Alert
    from detente.publish.annotate import Noted

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Bars:
    """A bar per stage on the terminal; nothing where the output is no terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description:8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
        )
        self._progress = Progress(
            *columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal
        )
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def show(self, step: "Step") -> None:
        """Show how far a stage has come."""
        if step.stage not in self._bars:
            self._bars[step.stage] = self._progress.add_task(step.stage, total=None, note="")
        note = f"{step.failed} failed" if step.failed else ""
        self._progress.update(self._bars[step.stage], completed=step.done, total=step.total, note=note)


def say_waiting(holder: str) -> None:
    """Say for whom a run waits."""
    sys.stderr.write(f"waiting for another run on this desk ({holder}) to end\n")


def show_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show rows as a table; where the output is no terminal, as tab-separated lines for other programs."""
    console = Console(highlight=False)
    if not console.is_terminal:
        for row in rows:
            print("\t".join(_plain(cell) for cell in row))
        return
    grid = Table(title=title, title_justify="left", box=None)
    for head in heads:
        grid.add_column(head, overflow="fold")
    for row in rows:
        grid.add_row(*(_text(cell) for cell in row))
    console.print(grid)


def show_facts(facts: dict[str, object]) -> None:
    """Show what a desk holds."""
    show_table("the desk", ("what", "value"), list(facts.items()))


def show_brief(published: "Published", facts: dict[str, object]) -> None:
    """Show what the desk holds, what failed, and where the brief is."""
    show_facts(facts)
    if facts["failures"]:
        print(f"{facts['failures']} failures; see: detente failures --desk {facts['desk']}")
    for path in published.files:
        print(f"brief: {path}")


def show_trace(trace: "Trace") -> None:
    """Show the way of one document: page, document, remainder, events, links, incidents."""
    document = trace.document
    tree = Tree(_text(f"{document.title or 'untitled'}  {document.id}"))
    recipes = dict(trace.recipes)
    if trace.page is not None:
        page = tree.add(_text(f"page  {trace.page.url}  {trace.page.id}"))
        source = trace.source.name if trace.source else trace.page.source
        page.add(_text(f"source {source}, {trace.page.media_type}, {len(trace.page.body)} bytes"))
        page.add(_text(f"known at {_moment(trace.page.fetched_at)}, SHA-256 {trace.page.digest}"))
        for rest in trace.remainder:
            page.add(_text(f"left out {rest.page_span.start}-{rest.page_span.end}: {rest.reason}"))
    _add_document(tree, trace, recipes)
    events = tree.add(
        _text(f"events  {len(trace.events)}  (recipe {recipes.get('extract', 'not extracted yet')})")
    )
    for event in sorted(trace.events, key=lambda event: event.quote):
        _add_event(events, event, document.text)
    for relation in trace.relations:
        tree.add(_text("relation  " + "  ".join(str(cell) for cell in _relation_row(relation, document)[:7] if cell)))
    for link in trace.links:
        _add_link(tree, link)
    for incident in trace.incidents:
        _add_incident(tree, incident)
    for failure in trace.failures:
        tree.add(_text(f"failure at {failure.stage}: {failure.error}: {failure.message}"))
    Console(highlight=False, soft_wrap=True).print(tree)


def _add_document(tree: Tree, trace: "Trace", recipes: dict[str, str]) -> None:
    document = trace.document
    node = tree.add(_text(f"document  (recipe {recipes.get('read', 'unknown')})"))
    facts = {
        "outlet": document.outlet,
        "author": document.author,
        "dateline": document.dateline,
        "published": _when(document.published),
        "language": document.language,
        "genre": document.genre,
        "length": f"{len(document.text)} characters in {len(document.pieces)} pieces of the page",
        "copy of": f"{document.copy_of} (score {document.copy_score})" if document.copy_of else None,
        "syndicated from": document.syndicated_from,
    }
    for name, value in facts.items():
        if value:
            node.add(_text(f"{name}: {value}"))
    for note in document.notes:
        node.add(_text(f"why: {note}"))
    for copy in trace.copies:
        node.add(_text(f"copied by {copy.id}: {copy.title or copy.url}"))


def _add_event(tree: Tree, event: Event, text: str) -> None:
    who = f"{_names(event.actors)} -> {_names(event.recipients)}"
    node = tree.add(_text(f"{event.type}  {who}  {event.status}, score {event.score:.2f}  {event.id}"))
    node.add(_text(f"when: {_when(event.when)}; where: {event.place.name if event.place else 'not told'}"))
    if event.attribution is not None:
        said = event.attribution
        node.add(_text(f"on whose word: {said.speaker.name} {said.stance} ({said.cue})"))
    for count in filter(None, (event.killed, event.injured, *event.counts)):
        node.add(_text(f"{count.what}: {count.low} to {'unknown' if count.high is None else count.high}"))
    for evidence in event.evidence:
        span = evidence.span
        node.add(_text(f"{evidence.field} {span.start}-{span.end}: “{text[span.start : span.end]}”"))
    for reason in event.reasons:
        node.add(_text(f"reason {reason.weight:+.2f} {reason.feature} {reason.detail}"))
    node.add(_text(f"recipe {event.recipe}"))


def _add_link(tree: Tree, link: Link) -> None:
    gone = f", withdrawn {_moment(link.withdrawn_at)}" if link.withdrawn_at else ""
    node = tree.add(
        _text(f"link  {link.event} {link.verdict} {link.incident}, {link.score:.2f} by {link.by}{gone}")
    )
    for reason in link.reasons:
        node.add(_text(f"reason {reason.weight:+.2f} {reason.feature} {reason.detail}"))


def show_alerts(alerts: Sequence["Alert"]) -> None:
    """List new alerts: the watch, the reason, the incidents behind it."""
    rows = [(a.watch, a.reason, ", ".join(a.incidents[:3])) for a in alerts]
    show_table(f"{len(rows)} new alerts", ("watch", "why", "incidents"), rows)


def show_narratives(
    narratives: Sequence[Narrative], documents: Mapping[DocumentId, Document], total: int
) -> None:  # fmt: skip
    """Show narratives: each telling with its time, its words, and whose words they repeat."""
    console = Console(highlight=False, soft_wrap=True)
    for each in narratives:
        head = f"{each.incident}  {each.field} {each.value}".rstrip()
        console.print(_text(f"{len(each.outlets)} outlets  {head}"))
        for telling in (*each.tellings, *each.denials):
            console.print(_text(f"  {_tell(telling, documents)}"))
    console.print(_text(f"{len(narratives)} of {total} narratives"))


def _tell(telling: Retelling, documents: Mapping[DocumentId, Document]) -> str:
    words = documents[telling.document].text[telling.span.start : telling.span.end]
    when = telling.at.isoformat(sep=" ", timespec="minutes") if telling.at else "date not known"
    said = f", citing {telling.speaker}" if telling.speaker else ""
    stance = f" {telling.stance}" if telling.stance != "asserts" else ""
    source = documents.get(telling.echo_of) if telling.echo_of else None
    echo = f", {telling.echo:.0%} in the words of {source.outlet or source.url}" if source else ""
    return f'{when}  {telling.outlet}{said}{stance}{echo}: "{" ".join(words.split())}"'


def show_synchrony(pairs: Sequence[Synchrony]) -> None:
    """List pairs of outlets that tell the same claims, and whether they do so closer than chance."""
    rows = [
        (*each.outlets, len(each.narratives), each.echoes, each.tested, _hours(each.gap_hours), _hours(each.chance_hours),
         "too little to tell" if each.p_value is None else f"{each.p_value:.4f}")
        for each in pairs
    ]  # fmt: skip
    heads = ("outlet", "outlet", "shared", "in the same words", "tested", "apart, hours", "by chance", "p")
    show_table(f"{len(rows)} pairs of outlets", heads, rows)


def _hours(hours: float | None) -> str:
    return "" if hours is None else f"{hours:.1f}"


def show_relations(found: Sequence[tuple[Relation, Document]]) -> None:
    """List standing relations: the parties, the share, the years, on whose word, and the sentence."""
    heads = ("kind", "from", "to", "what", "share", "when", "on whose word", "source", "words")
    show_table(f"{len(found)} relations", heads, [_relation_row(*pair) for pair in found])


def _relation_row(each: Relation, document: Document) -> tuple[object, ...]:
    share = each.share
    figure = f"{share.low}{'+' if share.high is None else ''} {share.unit} of {share.what}" if share else ""
    said = f"{each.attribution.speaker.name} {each.attribution.stance}" if each.attribution else ""
    words = " ".join(document.text[each.span.start : each.span.end].split())
    told = (_when(each.when) if each.when else "", said, document.outlet or document.url, words)
    return (each.kind, each.subject.name, each.object.name, each.what, figure, *told)


def show_readings(readings: Sequence[Reading]) -> None:
    """List the latest readings: value with interval, what it is made of, and coverage."""
    rows = [_reading_row(reading) for reading in readings]
    heads = ("dyad", "day", "tension", "90 %", "made of", "incidents", "coverage")
    show_table(f"{len(rows)} dyads", heads, rows)


def _reading_row(reading: Reading) -> tuple[object, ...]:
    parts = ", ".join(f"{name} {value:.1f}" for name, value in reading.parts)
    told = (parts, len(reading.incidents), f"{reading.coverage:.0%}")
    value, low, high = (f"{x or 0:.1f}" for x in (reading.value, reading.low, reading.high))
    return (" / ".join(reading.dyad), reading.day.date().isoformat(), value, f"{low}-{high}", *told)


def show_incidents(incidents: Sequence[Incident]) -> None:
    """List incidents: how many reports and voices, and what is disputed."""
    heads = ("incident", "type", "when", "who", "reports", "credibility", "disputed")
    show_table(f"{len(incidents)} incidents", heads, [_incident_row(incident) for incident in incidents])


def _incident_row(incident: Incident) -> tuple[object, ...]:
    disputed = ", ".join(each.field for each in incident.contradictions)
    told = (len(incident.events), incident.credibility, disputed)
    return (incident.id, incident.type, _when(incident.when), _who(incident), *told)


def show_judgements(links: Sequence[Link], lost: Collection[LinkId] = ()) -> None:
    """List what persons judged, withdrawn judgements too, and those whose events are gone."""
    heads = ("judgement", "by", "at", "verdict", "event", "other", "why", "withdrawn")
    show_table(f"{len(links)} judgements", heads, [_judgement_row(link, link.id in lost) for link in links])


def _judgement_row(link: Link, lost: bool) -> tuple[object, ...]:
    verdict = f"{link.field} = {link.value}" if link.field else link.verdict
    gone = _moment(link.withdrawn_at) if link.withdrawn_at else "lost: its event is gone" if lost else ""
    return (link.id, link.by, _moment(link.at), verdict, link.event, link.other or "", link.why, gone)


def show_incident(told: "Told") -> None:
    """Show an incident: reports, why they were put together, claims, disputes, voices, words about it."""
    incident = told.incident
    tree = Tree(_text(f"{incident.type}  {_who(incident)}  {incident.id}"))
    place = incident.place.name if incident.place else "not told"
    tree.add(_text(f"when {_when(incident.when)}; where {place}; {incident.status}"))
    tree.add(_text(f"credibility {incident.credibility}: {'; '.join(incident.why)}"))
    _add_reports(tree, told)
    _add_disputes(tree, told)
    for voice in incident.voices:
        party = " (a party)" if voice.party else ""
        tree.add(_text(f"voice  {voice.name}{party}, reliability {voice.reliability or 'not known'}"))
    for other in told.words:
        tree.add(_text(f"about it  {other.type}  {_who(other)}  {other.id}"))
    Console(highlight=False, soft_wrap=True).print(tree)


def _add_reports(tree: Tree, told: "Told") -> None:
    reports = tree.add(_text(f"reports  {len(told.events)}"))
    for event in told.events:
        document = told.documents[event.document]
        words = document.text[event.quote.start : event.quote.end]
        node = reports.add(_text(f'{event.id}  {document.outlet or document.url}: "{words}"'))
        for link in (link for link in told.links if link.event == event.id):
            _add_link(node, link)


def _add_disputes(tree: Tree, told: "Told") -> None:
    for contradiction in told.incident.contradictions:
        node = tree.add(_text(f"disputed: {contradiction.field}, {contradiction.why}"))
        for claim in contradiction.claims:
            text = told.documents[claim.document].text
            words = text[claim.span.start : claim.span.end]
            node.add(_text(f'{claim.asserted_by} {claim.stance} {claim.value}: "{words}"'))


def _who(incident: Incident) -> str:
    return f"{_names(incident.actors)} -> {_names(incident.recipients)}"


_PAINT = {
    "trigger": "bold red", "actor": "blue", "recipient": "yellow", "when": "green", "place": "magenta",
    "attribution": "cyan", "count": "bold", "quote": "",
}  # fmt: skip


def show_annotation(document: Document, events: Sequence[Event]) -> None:
    """Show a document with its events beside the paragraphs that report them; [3] stands before the word of event 3."""
    from detente.publish.annotate import FIELD_WORDS, annotate

    console = Console(highlight=False)
    console.print(_text(f"{document.title or 'untitled'}  ({_when(document.published)}; {len(events)} events)"))
    legend = ((FIELD_WORDS[field], style) for field, style in _PAINT.items() if style)
    console.print(Text.assemble(*(part for word, style in legend for part in ((word, style), "  "))))
    grid = Table(box=None, show_header=False, padding=(0, 2, 1, 0), expand=True)
    grid.add_column(ratio=3, overflow="fold")
    grid.add_column(ratio=2, overflow="fold")
    for paragraph in annotate(document, events):
        text = Text()
        for run in paragraph.runs:
            text.append("".join(f"[{number}] " for number in run.opens), style="red")
            text.append(_CONTROL.sub("\ufffd", run.text), style=_PAINT.get(run.field or "", ""))
        text.rstrip()
        grid.add_row(text, Text("\n").join(_note(note) for note in paragraph.noted))
    console.print(grid)


def _note(note: "Noted") -> Text:
    """Give the lines of an event in the margin."""
    from detente.publish.annotate import count_words

    event = note.event
    lines = [f"{_names(event.actors)} -> {_names(event.recipients)}" if event.recipients else _names(event.actors)]
    lines.append("; ".join([_when(event.when), event.place.name if event.place else "no place", *map(count_words, note.counts)]))
    if event.attribution is not None:
        lines.append(f"on whose word: {event.attribution.speaker.name} {event.attribution.stance} ({event.attribution.cue})")
    lines += [f"rivals: {note.rivals}"] if note.rivals else []
    lines += [f"{reason.weight:+.2f} {reason.feature}" for reason in event.reasons[:3]]
    head = f"[{note.number}] {event.type} {event.mode or ''}".rstrip()
    about = f"  {event.status}{', background' if event.background else ''}, {event.score:.2f}"
    text = Text.assemble((_plain(head), "bold"), about)
    return text.append("".join("\n    " + _plain(line) for line in lines))


def _add_incident(tree: Tree, incident: Incident) -> None:
    node = tree.add(_text(f"incident  {incident.type}  {_who(incident)}  {incident.status}  {incident.id}"))
    node.add(
        _text(
            f"{len(incident.events)} events, {len(incident.voices)} voices, "
            f"credibility {incident.credibility}"
        )
    )


def _names(actors: Sequence[Actor]) -> str:
    return ", ".join(actor.name for actor in actors) or "nobody named"


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _when(when: When | None) -> str:
    if when is None:
        return "not told"
    first, last = when.earliest.date().isoformat(), when.latest.date().isoformat()
    return f"{first if first == last else f'{first} to {last}'} ({when.basis})"


def _plain(cell: object) -> str:
    return _CONTROL.sub("\ufffd", str(cell)).replace("\n", " ").replace("\t", " ")


def _text(cell: object) -> Text:
    """Give text that Rich takes as it is: no markup, no control characters."""
    return Text(_plain(cell))
