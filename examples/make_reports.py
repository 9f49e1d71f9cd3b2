# ruff: noqa: E501 - pages are as wide as pages are
"""Make the example files that can't be written by hand: two PDF files and a gzipped page.

`python examples/make_reports.py` writes them into `examples/reports/`, byte for byte the same each time.
"""

import gzip
import zlib
from pathlib import Path

FOLDER = Path(__file__).parent / "reports"

TITLE = "Why the Ambrel dispute turned violent this winter"
ANALYSIS = """\
Strait and Border Review
Analysis

Why the Ambrel dispute turned violent this winter

By Odile Marrant
Norrhavn, 14 December 2025

For six years the Ambrel Valley was the dullest border in the region.
Two crews shared one dam, and a joint commission met four times a year
to divide the water. What has changed?

The first answer is the drought. The level of Lake Ambrel fell by two
metres in the summer of 2025, and both governments had promised the
same water to different farmers. The second is politics: Valdoria votes
in the spring, and President Ilena Marchek has run on the border before.

The arrest of nine Lethovian drivers on 18 November was a small event
with a large echo. Lethovia answered with a ban on grain on
24 November, Valdoria with exercises, Lethovia with two brigades at
Hask. Each step was announced as a reply.

The shelling of Dovrin on 2 December broke the pattern. Valdoria says
that six civilians were killed by Lethovian guns; Lethovia says that
two died when a gas store blew up. The Red Cross, which treated 14
injured people, takes no side. Three days later drones struck the
depot at Velin, and the roles were exchanged: Lethovia accused, and
Valdoria denied.

The kidnapping of four engineers on 10 December is the step that
neither capital seems to control. The Ambrel Liberation Front may take
weapons from Mirgrad, as Valdoria alleges, but it does not seem to take
orders. A mediator would do well to treat it as a third party.

The talks that Halvenland has called for Monday are unlikely to settle
the status of the valley. They could, however, agree on prisoners, and
that would be worth a journey.
"""

AFTER = """\
Halven Daily
Region
Harbour
Opinion

Monitors arrive as both sides report breaches of the truce

By Sten Aakre
Published: January 5, 2026

The first 24 monitors of the United Nations arrived in the Ambrel Valley on Monday, eight days after the ceasefire between Valdoria and Lethovia came into force.

Valdoria accused Lethovia of breaking the truce on Sunday night, when shots were fired at a patrol near Dovrin. One soldier was injured, the Valdorian Defence Ministry said. Lethovia denied the charge and said that its troops had left the area on Saturday.

Lethovia in turn accused Valdoria of flying a drone above Lake Ambrel on 1 January. A Valdorian officer admitted the flight and apologised; he said that the pilot had lost his way.

Valdoria released the nine Lethovian truck drivers on 31 December. They were met at the Kestrel Pass by their families and by Foreign Minister Mira Koslan. Lethovia lifted its ban on Valdorian grain two days later.

Envoy Amara Osei-Lund praised both governments. She said that the two states would send their ambassadors back before the end of January if the truce held.

The Ambrel Liberation Front still holds two engineers. Valdorian police arrested five suspected members of the group in Selmar on Sunday.

Related stories
Lake ice: what to know before you skate
Chess: Halvenland second
Sign up for our newsletter
© Halven Daily 2026
"""


def main() -> None:
    """Write the three files."""
    (FOLDER / "12-analysis.pdf").write_bytes(make_pdf(text_stream(ANALYSIS), TITLE))
    (FOLDER / "18-scan.pdf").write_bytes(
        make_pdf(b"0.5 g 100 200 300 400 re f 0.8 g 150 260 200 280 re f", "scan0001")
    )
    (FOLDER / "16-after-the-ceasefire.txt.gz").write_bytes(gzip.compress(AFTER.encode("utf-8"), mtime=0))


def text_stream(text: str) -> bytes:
    """Give the drawing commands for some lines of text, one below the other."""
    rows = ["BT /F1 10 Tf 12.5 TL 60 790 Td"]
    for line in text.split("\n"):
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        rows.append(f"({escaped}) Tj T*")
    return "\n".join([*rows, "ET"]).encode("latin-1")


def make_pdf(stream: bytes, title: str) -> bytes:
    """Give a PDF of one page in Helvetica."""
    packed = zlib.compress(stream, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % title.encode("latin-1"),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    tail = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + head + tail


if __name__ == "__main__":
    main()
