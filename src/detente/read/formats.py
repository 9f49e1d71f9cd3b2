"""From a page of any media type to its own text: the one unchanging string all offsets lead back to."""

import email
import email.policy
import email.utils
import io
import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from detente.errors import ReadError
from detente.read.decode import decode_bytes, repair_text
from detente.read.html import HtmlLine, render_html
from detente.records import Page

if TYPE_CHECKING:
    import pypdf

FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "articleBody", "full_text", "maintext", "raw_text"),
    "html": ("html", "content_html", "raw_html"),
    "title": ("title", "headline", "name"),
    "author": ("author", "authors", "byline", "creator"),
    "outlet": ("outlet", "source", "publisher", "site", "site_name", "source_name"),
    "published": (
        "published",
        "date",
        "published_at",
        "publishedAt",
        "date_publish",
        "datePublished",
        "pubDate",
        "timestamp",
    ),
    "url": ("url", "link", "source_url", "canonical"),
    "language": ("language", "lang"),
    "genre": ("genre",),
    "fetched": ("fetched", "fetched_at", "crawled", "retrieved"),
    "syndicated_from": ("syndicated_from", "via", "agency"),
}
"""The keys under which a JSON record's fields are looked for, in turn; a mapping puts another key first."""

PDF_PAGES = 400  # of one file; more is a book


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The decoded text of a page, and what the page says of itself outside that text.

    `facts` holds title, author, outlet, published, url and language where the format has a place for
    them (JSON fields, mail headers, HTML meta data, PDF information). `lines` are the rendered lines
    of HTML with what the cleaning thought of each; empty for other formats. `shape` is plain, html,
    markdown, mail, record or pdf.
    """

    text: str
    shape: str
    encoding: str
    facts: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[HtmlLine, ...] = ()
    notes: tuple[str, ...] = ()


def page_text(page: Page, fields: Mapping[str, str] | None = None) -> PageText:
    """Give the page's own text: decoded, repaired and, for HTML, PDF, mail and JSON, taken out of its format.

    It depends on the page's bytes and media type alone. `fields` maps a field of FIELDS to the JSON key
    that holds it. Raises ReadError, with the page's url and what to do, for what can't be read.
    """
    reader = _READERS.get(page.media_type)
    if reader is None:
        raise ReadError(page.url, f"pages of type {page.media_type} are not read; convert it to text or HTML")
    return reader(page, fields or {})


def _read_plain(page: Page, fields: Mapping[str, str]) -> PageText:  # noqa: ARG001 - one signature for all formats
    decoded = decode_bytes(page.body, page.url)
    if _looks_like_html(decoded.text):
        return _render(decoded.text, page.url, decoded.encoding, decoded.notes)
    return PageText(text=decoded.text, shape="plain", encoding=decoded.encoding, notes=decoded.notes)


def _looks_like_html(text: str) -> bool:
    head = text[:2000].lstrip().casefold()
    return head.startswith(("<!doctype html", "<html"))


def _read_markdown(page: Page, fields: Mapping[str, str]) -> PageText:  # noqa: ARG001
    decoded = decode_bytes(page.body, page.url)
    return PageText(text=decoded.text, shape="markdown", encoding=decoded.encoding, notes=decoded.notes)


def _read_html(page: Page, fields: Mapping[str, str]) -> PageText:  # noqa: ARG001
    decoded = decode_bytes(page.body, page.url)
    return _render(decoded.text, page.url, decoded.encoding, decoded.notes)


def _render(html: str, url: str, encoding: str, notes: tuple[str, ...]) -> PageText:
    rendered = render_html(html, url)
    return PageText(
        text=rendered.text,
        shape="html",
        encoding=encoding,
        facts=rendered.facts,
        lines=rendered.lines,
        notes=notes,
    )


def _read_json(page: Page, fields: Mapping[str, str]) -> PageText:
    decoded = decode_bytes(page.body, page.url)
    try:
        record = json.loads(decoded.text)
    except (ValueError, RecursionError) as error:
        raise ReadError(page.url, f"it is not valid JSON ({error}); mend the file") from error
    return _read_record(record, page.url, decoded.encoding, fields)


def _read_record(record: Any, url: str, encoding: str, fields: Mapping[str, str]) -> PageText:
    if not isinstance(record, dict):
        what = type(record).__name__
        raise ReadError(url, f"a record must be a JSON object with a field `text` or `html`, not a {what}")
    facts = {name: value for name in FIELDS if (value := _find_field(record, name, fields))}
    html, text = facts.pop("html", None), facts.pop("text", None)
    if text and _looks_like_html(text):
        html, text = text, None
    if text:
        return PageText(text=_clean(text), shape="record", encoding=encoding, facts=facts)
    if html:
        shown = _render(html, url, encoding, ())
        return PageText(
            text=shown.text,
            shape="html",
            encoding=encoding,
            facts={**shown.facts, **facts},
            lines=shown.lines,
        )
    known = ", ".join(FIELDS["text"] + FIELDS["html"])
    raise ReadError(
        url, f"the record has no text: none of the keys {known}; name yours with the setting json_fields"
    )


def _find_field(record: Mapping[str, Any], name: str, fields: Mapping[str, str]) -> str | None:
    mapped = (fields[name],) if name in fields else ()
    for key in (*mapped, *FIELDS[name]):
        value = _as_text(record.get(key))
        if value:
            return value
    return None


def _as_text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, dict):
        return _as_text(value.get("name") or value.get("title"))
    if isinstance(value, list):
        parts = [part for item in value[:1000] if not isinstance(item, list) and (part := _as_text(item))]
        return ", ".join(parts) or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    return repair_text(text)


def _read_pdf(page: Page, fields: Mapping[str, str]) -> PageText:  # noqa: ARG001
    import pypdf  # only PDF pages pay for it
    import pypdf.errors

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it warns of is told by our errors
    try:
        reader = pypdf.PdfReader(io.BytesIO(page.body), strict=False)
        if len(reader.pages) > PDF_PAGES:
            raise ReadError(
                page.url, f"the PDF has {len(reader.pages)} pages; split it into parts of {PDF_PAGES}"
            )
        sheets = [sheet.extract_text() for sheet in reader.pages]
        facts = _pdf_facts(reader)
    except (pypdf.errors.PyPdfError, *_PDF_TROUBLE) as error:
        raise ReadError(
            page.url, f"the PDF can't be read ({error}); save it again or give its text"
        ) from error
    text = _clean("\n\n".join(sheet.strip() for sheet in sheets))
    if len(text.strip()) < 40:
        raise ReadError(
            page.url, "the PDF holds no text, only images; run it through character recognition first"
        )
    return PageText(text=text, shape="pdf", encoding="pdf", facts=facts)


# what pypdf lets through from broken files, beside its own errors
_PDF_TROUBLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError,
ZeroDivisionError,
                OverflowError, AssertionError, NotImplementedError, MemoryError)  # fmt: skip


def _pdf_facts(reader: "pypdf.PdfReader") -> dict[str, str]:
    info = reader.metadata
    if info is None:
        return {}
    created = info.creation_date
    found = {
        "title": info.title,
        "author": info.author,
        "created": created.date().isoformat() if created else None,
    }
    return {key: value.strip() for key, value in found.items() if isinstance(value, str) and value.strip()}


def _read_mail(page: Page, fields: Mapping[str, str]) -> PageText:  # noqa: ARG001
    try:
        message = email.message_from_bytes(page.body, policy=email.policy.default)
        if not isinstance(message, EmailMessage) or not (message["from"] or message["subject"]):
            raise ReadError(
                page.url, "it is not a mail: there is neither From nor Subject; give it another ending"
            )
        facts = _mail_facts(message)
        part = message.get_body(preferencelist=("plain", "html"))
        body = part.get_content() if part else ""
    except (
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
        IndexError,
        RecursionError,
    ) as error:
        raise ReadError(page.url, f"the mail can't be read ({error}); save it again") from error
    if not isinstance(body, str) or not body.strip():
        raise ReadError(page.url, "the mail has no text part; save its attachments as files of their own")
    if part is not None and part.get_content_subtype() == "html":
        shown = _render(_clean(body), page.url, "mail", ())
        return PageText(text=shown.text, shape="html", encoding="mail", facts=facts, lines=shown.lines)
    return PageText(text=_clean(_before_signature(body)), shape="mail", encoding="mail", facts=facts)


def _before_signature(body: str) -> str:
    """Give a mail's text above the line of two dashes that begins its signature (RFC 3676)."""
    return re.split(r"(?m)^-- ?\r?$", body, maxsplit=1)[0]


def _mail_facts(message: EmailMessage) -> dict[str, str]:
    name, address = email.utils.parseaddr(str(message["from"] or ""))
    facts = {"title": str(message["subject"] or "").strip(), "author": name or address}
    try:
        sent = email.utils.parsedate_to_datetime(str(message["date"]))
        facts["published"] = sent.isoformat()
    except (ValueError, TypeError):
        pass
    listed = str(message["list-id"] or "").split("<")[0].strip().strip('"')
    if listed:
        facts["outlet"] = listed
    return {key: value for key, value in facts.items() if value}


_READERS: Mapping[str, Callable[[Page, Mapping[str, str]], PageText]] = {
    "text/plain": _read_plain,
    "text/markdown": _read_markdown,
    "text/html": _read_html,
    "application/xhtml+xml": _read_html,
    "application/json": _read_json,
    "application/pdf": _read_pdf,
    "message/rfc822": _read_mail,
}
