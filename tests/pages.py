"""Pages for tests, as collecting would give them."""

from datetime import UTC, datetime

from detente.records import Page, PageId, SourceId, make_id
from detente.text import digest_bytes

FETCHED = datetime(2026, 2, 1, 12, tzinfo=UTC)


def make_page(
    body: str | bytes, media_type: str = "text/plain", name: str = "file:page.txt", **facts: str
) -> Page:
    """Give a page of some text or bytes, with facts told from outside it."""
    raw = body.encode("utf-8") if isinstance(body, str) else body
    digest = digest_bytes(raw)
    return Page(
        id=PageId(make_id("page", "source-test", name, digest)),
        source=SourceId("source-test"),
        url=name,
        fetched_at=FETCHED,
        media_type=media_type,
        status=200,
        body=raw,
        digest=digest,
        facts=tuple(sorted(facts.items())),
    )
