"""Hostile input: the named horrors of the real world, and any number of generated ones.

`write_hostile(folder, count)` fills a folder with files none of which can be read, and gives their names;
`write_good(folder)` puts a few good files beside them. A run must end normally, tell a Failure for each bad
file, and read every good one.
"""

import gzip
import json
import os
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

PROSE = (
    "The foreign ministers of both states met on Monday and agreed to keep the crossing open. "
    "They said that talks on the water of the lake would begin within two weeks. "
)


def write_good(folder: Path) -> tuple[str, ...]:
    """Write files that must all be read, whatever lies beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "good-1.txt").write_text("Ministers meet at the lake\n\n" + PROSE * 3, encoding="utf-8")
    (folder / "good-2.html").write_text(
        f"<html><body><h1>Ministers meet at the lake</h1><p>{PROSE * 2}</p><p>{PROSE * 3}</p></body></html>",
        encoding="utf-8",
    )
    (folder / "good-3.json").write_text(json.dumps({"title": "Talks", "text": PROSE * 4}), encoding="utf-8")
    (folder / "good-4.txt.gz").write_bytes(gzip.compress((PROSE * 4).encode(), mtime=0))
    (folder / "good-5.txt").write_bytes(("Zürich talks: " + PROSE * 3).encode("latin-1"))
    return tuple(f"good-{number}" for number in range(1, 6))


def write_hostile(folder: Path, count: int = 200, huge: bool = True, seed: int = 20) -> tuple[str, ...]:
    """Write the named horrors and `count` generated files; give the names of all that must fail.

    `huge` adds the large ones (100 MB on one line, a gzip bomb of 1 GB).
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in _NAMED.items():
        (folder / name).write_bytes(body)
    names = list(_NAMED)
    if huge:
        _write_huge(folder)
        names += ["one-line-100mb.txt", "bomb.txt.gz", "bomb.jsonl.gz"]
    _link(folder / "gone.txt", "nowhere-at-all.txt")
    _link(folder / "loop", ".")
    _link(folder / "self.txt", "self.txt")
    names += ["gone.txt", "loop", "self.txt"]
    chance = random.Random(seed)
    for number in range(count):
        make = chance.choice(_GENERATORS)
        ending, body = make(chance)
        name = f"made-{number:04d}{ending}"
        (folder / name).write_bytes(body)
        names.append(name)
    return tuple(names)


def _link(path: Path, target: str) -> None:
    if not os.path.lexists(path):
        path.symlink_to(target)


def _write_huge(folder: Path) -> None:
    with (folder / "one-line-100mb.txt").open("wb") as file:
        for _ in range(100):
            file.write(b"word " * (2**20 // 5))
    member = gzip.compress(b"\x20" * 2**20, 9, mtime=0)
    for name in ("bomb.txt.gz", "bomb.jsonl.gz"):
        (folder / name).write_bytes(member * 1024)  # members in a row unpack as one


def make_pdf(stream: bytes) -> bytes:
    """Give a small PDF of one page that draws `stream`."""
    packed = zlib.compress(stream)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + tail


_NAMED: dict[str, bytes] = {
    "empty.txt": b"",
    "empty.html": b"",
    "empty.json": b"",
    "empty.pdf": b"",
    "empty.eml": b"",
    "empty.jsonl": b"",
    "blank.txt": b" \n\t\n " * 50,
    "nulls.txt": b"\x00" * 4096,
    "binary.txt": bytes(range(256)) * 64,
    "image.txt": b"\x89PNG\r\n\x1a\n" + bytes(random.Random(1).randbytes(5000)),
    "broken-utf8.txt": b"\xff\xfe\xfd\x80\x81" * 300 + b"\xc3\x28" * 200,
    "broken-utf16.txt": b"\xff\xfe" + b"\x00\xd8\x00\xd8\x41" * 301,
    "deep.html": b"<div>" * 10_000 + b"text" + b"</div>" * 10_000,
    "deep-spans.html": b"<html><body>" + b"<b><i>" * 20_000 + b"text",
    "scripts-only.html": b"<html><head><script>let a = 1;</script><style>p{}</style></head><body></body></html>",
    "menu-only.txt": b"Home\nNews\nSport\nContact us\nPrivacy policy\nLog in\n" * 3,
    "no-text.pdf": make_pdf(b"0.5 g 100 200 300 400 re f"),
    "cut.pdf": make_pdf(b"0.5 g 100 200 300 400 re f")[:200],
    "not.pdf": b"%PDF-1.7\nthis is no PDF at all\n",
    "list.json": b"[1, 2, 3]",
    "number.json": b"42",
    "no-text.json": b'{"title": "a title only", "tags": ["x"]}',
    "nested.json": b"[" * 100_000 + b"]" * 100_000,
    "cut.json": b'{"text": "it ends in the mid',
    "wrong.jsonl": b'{"no": "text"}\n',
    "no-mail.eml": b"this is not a mail, it has no headers\n\nat all\n",
    "only-attachment.eml": (
        b"From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: application/octet-stream\n"
        b"Content-Transfer-Encoding: base64\n\nAAAA\n"
    ),
    "cut.txt.gz": gzip.compress(PROSE.encode() * 100, mtime=0)[:60],
    "not.txt.gz": b"this is not gzip",
    "unknown.docx": b"PK\x03\x04 something else",
    "no-ending": b"plain text without an ending",
}


def _random_bytes(chance: random.Random) -> tuple[str, bytes]:
    ending = chance.choice((".txt", ".html", ".json", ".pdf", ".eml", ".jsonl", ".txt.gz", ".md"))
    body = bytearray(chance.randbytes(chance.randint(200, 3000)))
    body[:2] = b"\x00\x01"  # never by chance a byte order mark
    return ending, bytes(body)


def _control_soup(chance: random.Random) -> tuple[str, bytes]:
    text = "".join(
        chr(chance.choice((0, 1, 2, 3, 7, 8, 14, 27, 31, 65, 66))) for _ in range(chance.randint(100, 2000))
    )
    return chance.choice((".txt", ".md")), text.encode()


def _bad_json(chance: random.Random) -> tuple[str, bytes]:
    body = chance.choice(
        (
            b'{"text": ' * chance.randint(1, 2000),
            json.dumps(chance.choice((None, True, 3.5, [], {}, [[["x"]]], "only a string"))).encode(),
            json.dumps({"text": chance.choice((None, 7 > 9, [], {}, ""))}).encode(),
            b'{"text": "\\ud800"',
        )
    )
    return chance.choice((".json", ".jsonl")), body


def _deep_markup(chance: random.Random) -> tuple[str, bytes]:
    tag = chance.choice((b"div", b"ul><li", b"table><tr><td", b"blockquote", b"section"))
    return ".html", b"<" + (tag + b"><") * chance.randint(2000, 9000) + b"p>x"


def _broken_gzip(chance: random.Random) -> tuple[str, bytes]:
    body = bytearray(gzip.compress(chance.randbytes(2000), mtime=0))
    for _ in range(20):
        body[chance.randrange(10, len(body))] = chance.randrange(256)
    return chance.choice((".txt.gz", ".html.gz", ".json.gz")), bytes(body[: chance.randint(12, len(body))])


def _broken_utf16(chance: random.Random) -> tuple[str, bytes]:
    units = [chance.choice((0xD800, 0xDC00, 0xDFFF, 0x41)) for _ in range(chance.randint(100, 900))]
    return ".txt", b"\xff\xfe" + b"".join(
        struct.pack("<H", 0xDFFF) + struct.pack("<H", unit) for unit in units
    )


def _broken_pdf(chance: random.Random) -> tuple[str, bytes]:
    body = bytearray(make_pdf(b"0.5 g 100 200 300 400 re f"))
    for _ in range(chance.randint(1, 60)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return ".pdf", bytes(body)


def _menus(chance: random.Random) -> tuple[str, bytes]:
    entries = (
        "Home",
        "News",
        "World",
        "Sport",
        "Opinion",
        "Contact us",
        "Log in",
        "Search",
        "Weather",
        "Archive",
    )
    return ".txt", "\n".join(chance.choice(entries) for _ in range(chance.randint(3, 300))).encode()


def _calendars(chance: random.Random) -> tuple[str, bytes]:
    return ".txt", "\n".join(str(chance.randint(1, 31)) for _ in range(chance.randint(5, 400))).encode()


def _markup_without_text(chance: random.Random) -> tuple[str, bytes]:
    part = chance.choice(
        (b"<img src='x'>", b"<script>f()</script>", b"<!-- note -->", b"<br>", b"<input>", b"<![CDATA[x]]>")
    )
    return ".html", b"<html><body>" + part * chance.randint(1, 500)


def _headless_mail(chance: random.Random) -> tuple[str, bytes]:
    return ".eml", b"X-Thing: " + bytes(chance.choice(b"abc") for _ in range(500)) + b"\n\nbody\n"


_GENERATORS: tuple[Callable[[random.Random], tuple[str, bytes]], ...] = (
    _random_bytes,
    _control_soup,
    _bad_json,
    _deep_markup,
    _broken_gzip,
    _broken_utf16,
    _broken_pdf,
    _menus,
    _calendars,
    _markup_without_text,
    _headless_mail,
)
