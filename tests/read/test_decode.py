import pytest

from detente.errors import ReadError
from detente.read.decode import decode_bytes, repair_text

TEXT = (
    "Die Außenminister trafen sich in Zürich. Sie sprachen über die Brücke und über das Wasser des Sees.\n"
    * 3
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"]
)
def test_encodings_are_found(encoding: str) -> None:
    assert decode_bytes(TEXT.encode(encoding), "x").text == TEXT


def test_cyrillic_without_a_declaration() -> None:
    text = "Министры подписали соглашение о воде. Переговоры продолжались одиннадцать месяцев.\n" * 5
    assert decode_bytes(text.encode("cp1251"), "x").text == text


def test_declared_encoding_of_html_is_believed() -> None:
    body = "<html><head><meta charset='iso-8859-2'></head><body>Łódź, Kraków</body></html>".encode(
        "iso-8859-2"
    )
    assert "Łódź" in decode_bytes(body, "x").text


def test_unknown_declared_encoding_does_no_harm() -> None:
    body = b"<meta charset='no-such-thing'>" + TEXT.encode("utf-8")
    assert TEXT in decode_bytes(body, "x").text


def test_a_few_broken_bytes_are_replaced_and_told() -> None:
    body = TEXT.encode("utf-8") * 4 + b"\xff\n"
    found = decode_bytes(body, "x")
    assert found.text.count("\ufffd") == 1
    assert "broken" in found.notes[0]


def test_mojibake_is_repaired() -> None:
    broken = "The minister said: â€œWe shall meet in ZÃ¼rich.â€\x9d"
    assert repair_text(broken) == "The minister said: “We shall meet in Zürich.”"


def test_good_text_is_left_as_it_is() -> None:
    good = "Curly “quotes”, ﬁne ligatures, Â and Ã alone, ｆｕｌｌ width &amp; an entity."
    assert repair_text(good) == good


def test_line_ends_are_made_one_kind() -> None:
    assert decode_bytes(b"one line\r\nand two\rand three", "x").text == "one line\nand two\nand three"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n\t ",
        b"\x00" * 100,
        bytes(range(256)) * 20,
        b"\xff\xfe\x00\xd8" * 50,
        b"\xff\xfe\xfd\x80\x81" * 300,
    ],
)
def test_what_is_no_text_is_refused_with_a_remedy(body: bytes) -> None:
    with pytest.raises(ReadError, match=r"^page: .+[;,]"):
        decode_bytes(body, "page")


def test_the_result_is_always_the_same() -> None:
    body = TEXT.encode("latin-1")
    assert decode_bytes(body, "x") == decode_bytes(body, "x")
