"""The brief as Markdown and as JSON."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from detente.publish.compose import BriefView, name_dyad, name_period
from detente.publish.entries import Entry
from detente.publish.likelihood import likelihood_words
from detente.publish.scale import TYPE_WORDS
from detente.publish.sentences import clean_text, name_day, name_when, quote_words
from detente.publish.sources import RELIABILITY_WORDS, SourceRow
from detente.records import Line

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


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a brief holds no {type(value).__name__}")


def render_json(view: BriefView) -> str:
    """Give the brief and what its pictures show as one JSON object; documents without their text."""
    content = asdict(view)
    content["documents"] = [
        {"id": each.id, "url": each.url, "title": each.title, "characters": len(each.text)}
        for each in view.documents
    ]
    content["period"] = name_period(view)
    text = json.dumps(content, ensure_ascii=False, indent=1, default=_plain)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"
