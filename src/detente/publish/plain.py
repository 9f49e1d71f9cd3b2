"""The brief as Markdown and as JSON."""

import json
import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from detente.publish.changes import change_sections
from detente.publish.compose import BriefView, name_dyad, name_period
from detente.publish.entries import Entry
from detente.publish.likelihood import likelihood_words
from detente.publish.scale import TYPE_WORDS
from detente.publish.sentences import clean_text, name_day, name_when, quote_words
from detente.publish.sources import RELIABILITY_WORDS, SourceRow
from detente.records import Line, Reading

MOST_STEPS = 60  # of the index of a dyad, the latest
MOST_TIMELINE = 200  # lines of the Markdown timeline; the others are in the JSON and the exports
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~-])")


def escape_markdown(text: str) -> str:
    """Give text that Markdown shows as it is: no markup, no HTML, no links."""
    plain = clean_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", plain)


def render_markdown(view: BriefView) -> str:
    """Give the brief as Markdown: the same lines, with the words they rest on beneath the chief ones."""
    numbers = {row.document: row.number for row in view.sources}
    parts = [f"# {escape_markdown(view.brief.title)}", "", *_summary(view), ""]
    for group in view.judgements:
        parts += [f"## What the period brought: {escape_markdown(name_dyad(group.dyad))}", ""]
        for entry in group.entries:
            parts += _judgement(entry, numbers)
        parts.append("")
    parts += _measured(view, numbers)
    news = [_dated(entry, numbers) for entry in view.entries if not entry.background]
    history = [_dated(entry, numbers) for entry in view.entries if entry.background]
    parts += _list("Timeline", news[:MOST_TIMELINE])
    parts += _list("History told beside the news", history[:MOST_TIMELINE])
    parts += _deeds(view)
    for said in view.statements:
        lines = [_line(each.line, numbers) for each in said.tellings]
        parts += _list(f"Who says what: {escape_markdown(said.speaker)}", lines)
    for dispute in view.disputes:
        heading = f"Disputed: {escape_markdown(dispute.about)}"
        parts += _list(
            heading, [_line(line, numbers) for line in dispute.lines], escape_markdown(dispute.why)
        )
    parts += _claims(view, numbers)
    parts += _sources(view.sources)
    return "\n".join(parts).rstrip() + "\n"


def _summary(view: BriefView) -> list[str]:
    originals = sum(row.copy_of is None for row in view.sources)
    told = f"{len(view.sources)} documents ({originals} originals), {len(view.entries)} entries"
    return [f"*{escape_markdown(name_period(view))}*  ", f"*{told}; made {name_day(view.brief.made_at)}*"]


def _marks(line: Line, numbers: dict[Any, int]) -> str:
    return " ".join(
        f"[{number}]" for number in dict.fromkeys(numbers[each.document] for each in line.citations)
    )


def _line(line: Line, numbers: dict[Any, int]) -> str:
    return f"- {escape_markdown(line.text)} {_marks(line, numbers)}"


def _dated(entry: Entry, numbers: dict[Any, int]) -> str:
    day = escape_markdown(name_when(entry.when)) if entry.when else "date not told"
    text = f"{TYPE_WORDS[entry.type]}: {escape_markdown(entry.line.text)}"
    return f"- **{day}** · {text} {_marks(entry.line, numbers)}"


def _judgement(entry: Entry, numbers: dict[Any, int]) -> list[str]:
    words = escape_markdown(quote_words(entry.line.citations[0].quote))
    sure = likelihood_words(min(1.0, max(0.0, entry.score)))
    return [_line(entry.line, numbers), f"  > {words}", f"  > *{escape_markdown(', '.join(entry.outlets))}; "
            f"reading: {sure}*"]  # fmt: skip


def _list(title: str, lines: list[str], note: str = "") -> list[str]:
    return [f"## {title}", "", *([note, ""] if note else []), *lines, ""] if lines else []


def _measured(view: BriefView, numbers: dict[Any, int]) -> list[str]:
    """Give what changed, the watch list, turning points and steps of the index, and standing relations."""
    told = [(section.title, section.lines) for section in change_sections(view.changes)]
    told += [(f"Watch list: {each.watch}", tuple(raised.line for raised in each.raised)) for each in view.watches]
    for each in view.tension:
        name = name_dyad(each.dyad)
        told.append((f"Turning points: {name}", tuple(turning.line for turning in each.turnings)))
        steps = [step.line for step in each.steps if step.line]
        told.append((f"Index of tension: {name}", tuple(steps[-MOST_STEPS:])))
    told.append(("Standing relations", tuple(tie.line for tie in view.ties)))
    return [part for title, lines in told for part in _list(escape_markdown(title), [_line(x, numbers) for x in lines])]


def _claims(view: BriefView, numbers: dict[Any, int]) -> list[str]:
    """Give the ledgers of disputed incidents, how claims were told, and which outlets keep step."""
    told = [(f"Claims: {each.entry.line.text}", tuple(row.line for row in each.rows)) for each in view.ledgers]
    told += [(f"How it was told: {each.about}", tuple(p.line for p in each.passings)) for each in view.tales]
    told.append(("Outlets that tell the same claims", tuple(pairing.line for pairing in view.pairings)))
    return [part for title, lines in told for part in _list(escape_markdown(title), [_line(x, numbers) for x in lines])]


def _deeds(view: BriefView) -> list[str]:
    if not view.deeds:
        return []
    rows = [
        f"| {escape_markdown(deed.actor)} | {escape_markdown(deed.recipient)} "
        f"| {deed.conflict} | {deed.cooperation} | {deed.tone:+.1f} |"
        for deed in view.deeds
    ]
    head = ["| who | to whom | conflict | cooperation | mean tone |", "|---|---|---:|---:|---:|"]
    return ["## What each did to each", "", *head, *rows, ""]


def _sources(rows: Iterable[SourceRow]) -> list[str]:
    lines = []
    for row in rows:
        copy = f"; copy of [{row.copy_of}]" if row.copy_of else ""
        grade = f"; {row.reliability} {RELIABILITY_WORDS[row.reliability]}" if row.reliability else ""
        facts = f"{row.published} ({row.basis}); {row.genre}; {row.standing}{grade}{copy}"
        told = [row.outlet, row.title, f"{facts}.", row.url]
        lines.append(f"{row.number}. " + ". ".join(escape_markdown(each.rstrip(".")) for each in told))
    return _list("Sources", lines)


_ONCE = ("entries", "judgements", "readings")  # parts that hold entries and readings whole; others name them by id


def _plain(value: object, whole: bool) -> object:
    """Give a value in what JSON knows."""
    if isinstance(value, Entry | Reading) and not whole:
        return value.id
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name), whole) for each in fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(each, whole) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def render_json(view: BriefView) -> str:
    """Give the brief and what its pictures show as one JSON object; documents without their text."""
    content: dict[str, Any] = {
        each.name: _plain(getattr(view, each.name), each.name in _ONCE)
        for each in fields(view)
        if each.name != "documents"
    }
    content["documents"] = [
        {"id": each.id, "url": each.url, "title": each.title, "characters": len(each.text)}
        for each in view.documents
    ]
    content["period"] = name_period(view)
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"
