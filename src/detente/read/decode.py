"""From bytes to text: byte order mark, declared encoding, UTF-8, a guess; mojibake is repaired."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from detente.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}?encoding=["']([\w.:-]{2,40})""",
    re.I,
)
# the second half of a broken two-byte sequence, as Windows-1252 and Latin-1 show it
_MOJIBAKE = re.compile(
    "â€|[ÃÂ][\u0080-¿]|Ã[^\\sA-Za-z]|[ÐÑ][\u0080-¿‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|ï»¿|[\u0080-\u009f]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_GUESS_BYTES = 64 * 1024  # charset-normalizer takes seconds for more, and does no better


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A page's characters, and how they were won from its bytes."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode_bytes(body: bytes, subject: str, declared: str | None = None) -> Decoded:
    """Give the text of some bytes; line ends are made `\\n`, mojibake is repaired, the result is always
    the same.

    Tried in turn: byte order mark, strict UTF-8, the declared encoding (`declared`, or the one named in
    the first bytes of HTML), UTF-8 with a few broken bytes replaced, a guess by charset-normalizer.
    Raises ReadError when there is nothing, or when the bytes aren't text.
    """
    if not body.strip(b"\x00 \t\r\n"):
        raise ReadError(subject, "the page is empty; fetch it again")
    text, encoding, notes = _decode(body, subject, declared or _declared(body))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    _refuse_binary(text, subject)
    text = _CONTROL.sub("", text)
    repaired = repair_text(text)
    if repaired != text:
        notes = (*notes, "repaired mojibake")
    if not repaired.strip():
        raise ReadError(subject, "the page holds only white space; fetch it again")
    return Decoded(text=repaired, encoding=encoding, notes=notes)


def repair_text(text: str) -> str:
    """Give the text with mojibake undone, line by line; a text without signs of it comes back unchanged."""
    if not _MOJIBAKE.search(text):
        return text
    import ftfy  # only pages with signs of mojibake pay for it

    repair = ftfy.TextFixerConfig(
        unescape_html=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        normalization=None,
        explain=False,
    )
    lines = text.split("\n")
    return "\n".join(ftfy.fix_text(line, repair) if _MOJIBAKE.search(line) else line for line in lines)


def _declared(body: bytes) -> str | None:
    match = _DECLARED.search(body[:4096])
    return (match.group(1) or match.group(2)).decode("ascii", "replace") if match else None


def _decode(body: bytes, subject: str, declared: str | None) -> tuple[str, str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decode_marked(body, subject, encoding)
    strict = _try(body, "utf-8")
    if strict is not None:
        return strict, "utf-8", ()
    if declared and (text := _try(body, declared)) is not None:
        return text, declared.lower(), ()
    if (text := _utf16_without_mark(body)) is not None:
        return text, "utf-16", ("UTF-16 without a byte order mark",)
    lenient = body.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    if broken * 200 <= len(lenient) and _has_multibyte(lenient):
        return lenient, "utf-8", (f"{broken} broken bytes were replaced",)
    return _guess(body, subject)


def _decode_marked(body: bytes, subject: str, encoding: str) -> tuple[str, str, tuple[str, ...]]:
    text = _try(body, encoding)
    if text is not None:
        return text, encoding, ()
    lenient = body.decode(encoding, "replace")
    broken = lenient.count("\ufffd")
    if broken * 100 <= len(lenient):
        return lenient, encoding, (f"{broken} broken characters were replaced",)
    raise ReadError(
        subject, f"its byte order mark says {encoding}, but {broken} characters are broken; fetch it again"
    )


def _try(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _has_multibyte(text: str) -> bool:
    return any(ord(char) > 127 and char != "\ufffd" for char in text[:200_000])


def _utf16_without_mark(body: bytes) -> str | None:
    head = body[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 < len(head) or min(even, odd) * 10 > max(even, odd):
        return None
    return _try(body[: len(body) // 2 * 2], "utf-16-le" if odd > even else "utf-16-be")


def _guess(body: bytes, subject: str) -> tuple[str, str, tuple[str, ...]]:
    if b"\x00" in body[:_GUESS_BYTES]:
        raise ReadError(subject, "these bytes are not text; give the page as text, HTML, PDF, JSON or mail")
    import charset_normalizer  # only pages of unknown encoding pay for it

    best = charset_normalizer.from_bytes(body[:_GUESS_BYTES], steps=5, chunk_size=512).best()
    text = _try(body, best.encoding) if best else None
    if best is None or text is None:
        raise ReadError(subject, "no encoding makes text of these bytes; convert the file to UTF-8")
    return text, best.encoding, (f"encoding guessed: {best.encoding}",)


def _refuse_binary(text: str, subject: str) -> None:
    sample = text[:200_000]
    odd = len(_CONTROL.findall(sample)) + sample.count("\ufffd") + sample[1:].count("\ufeff")
    odd += sum(
        1 for char in sample[:20_000] if char > "\u2fff" and unicodedata.category(char) in {"Cn", "Co"}
    )
    if odd * 50 > len(sample):
        raise ReadError(subject, "these bytes are not text; give the page as text, HTML, PDF, JSON or mail")
