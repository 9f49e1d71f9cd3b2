import json

import pytest

from detente.errors import ReadError
from detente.read import ReadOptions, page_text, read_page
from tests.hostile import make_pdf
from tests.pages import make_page

BODY = (
    "The two foreign ministers signed a protocol on the shared bridge on Monday. It is the first paper that both "
    "states have signed since the flood.\n\nA commission of engineers will meet every two weeks, the ministry said."
)


def record(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def test_json_fields_have_known_names() -> None:
    page = make_page(
        record(
            headline="A bridge",
            content=BODY,
            source={"name": "The Ledger"},
            date="2025-03-04",
            authors=["A. Lind"],
        ),
        "application/json",
    )
    document = read_page(page).documents[0]
    assert (document.title, document.outlet, document.author) == ("A bridge", "The Ledger", "A. Lind")
    assert document.published is not None
    assert document.published.earliest.date().isoformat() == "2025-03-04"
    assert document.text == BODY


def test_json_fields_can_be_mapped() -> None:
    page = make_page(record(t="A bridge", b=BODY), "application/json")
    with pytest.raises(ReadError, match="json_fields"):
        read_page(page)
    document = read_page(page, ReadOptions(fields={"text": "b", "title": "t"})).documents[0]
    assert document.title == "A bridge"


def test_json_may_hold_html() -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in BODY.split("\n\n"))
    page = make_page(
        record(title="A bridge", html=f"<html><body>{paragraphs}</body></html>"), "application/json"
    )
    assert "signed a protocol" in read_page(page).documents[0].text


@pytest.mark.parametrize(
    "body",
    [b"[1]", b"3", b"null", b'"text"', b"{}", b'{"text": 3}', b'{"text": ""}', b"{", b'{"text": [[["x"]]]}'],
)
def test_json_of_the_wrong_shape_is_refused(body: bytes) -> None:
    with pytest.raises(ReadError):
        read_page(make_page(body, "application/json"))


def test_mail_gives_subject_sender_and_date_and_drops_the_signature() -> None:
    mail = (
        "From: Desk <desk@ledger.example>\nSubject: A bridge\nDate: Tue, 04 Mar 2025 10:00:00 +0200\n\n"
        f"{BODY}\n\n-- \nThe Ledger, sent to subscribers only\n"
    )
    document = read_page(make_page(mail, "message/rfc822")).documents[0]
    assert (document.title, document.author) == ("A bridge", "Desk")
    assert document.published is not None
    assert document.published.earliest.isoformat() == "2025-03-04T08:00:00+00:00"
    assert "subscribers" not in document.text


def test_mail_of_html_is_cleaned() -> None:
    mail = f"From: a@b.example\nSubject: A bridge\nContent-Type: text/html\n\n<html><body><p>{BODY}</p></body></html>"
    assert "<p>" not in read_page(make_page(mail, "message/rfc822")).documents[0].text


def test_pdf_without_text_says_what_to_do() -> None:
    with pytest.raises(ReadError, match="character recognition"):
        page_text(make_page(make_pdf(b"0 0 10 10 re f"), "application/pdf"))


def test_unknown_media_type_is_refused() -> None:
    with pytest.raises(ReadError, match="image/png"):
        page_text(make_page(b"x", "image/png"))


def test_text_that_is_html_is_read_as_html() -> None:
    page = make_page(f"<!DOCTYPE html><html><body><nav>Menu</nav><p>{BODY}</p><p>{BODY}</p></body></html>")
    assert page_text(page).shape == "html"


def test_html_scripts_and_hidden_parts_are_no_text() -> None:
    html = f"<html><body><script>var a;</script><p style='display:none'>secret</p><p>{BODY}</p></body></html>"
    text = page_text(make_page(html, "text/html")).text
    assert "secret" not in text
    assert "var a" not in text


def test_html_meta_data_names_the_article() -> None:
    html = (
        "<html><head><meta property='og:title' content='A bridge'><meta property='og:site_name' content='Ledger'>"
        "<meta property='article:published_time' content='2025-03-04T09:00:00Z'></head>"
        f"<body><h1>A bridge</h1><p>{BODY}</p><p>{BODY}</p></body></html>"
    )
    document = read_page(make_page(html, "text/html")).documents[0]
    assert (document.title, document.outlet) == ("A bridge", "Ledger")
    assert document.published is not None
    assert document.published.basis == "stated"
    assert document.text.startswith("The two foreign ministers")


def test_facts_told_from_outside_win() -> None:
    page = make_page(
        f"A headline of the page\n\n{BODY}", published="2025-03-09", title="Told title", outlet="Told outlet"
    )
    document = read_page(page).documents[0]
    assert (document.title, document.outlet) == ("Told title", "Told outlet")
    assert document.published is not None
    assert document.published.basis == "given"


def test_the_fetch_time_of_a_record_is_known_at() -> None:
    page = make_page(record(text=BODY, fetched="2025-03-05T07:00:00Z"), "application/json")
    assert read_page(page).documents[0].known_at.isoformat() == "2025-03-05T07:00:00+00:00"


def test_nested_markup_is_refused() -> None:
    with pytest.raises(ReadError, match="nested"):
        page_text(make_page("<div>" * 10_000 + BODY, "text/html"))
