"""`python -m evals times --tml DIR [--half tuned|unseen]`: temporal expressions against TimeML files, as in TempEval-3."""

import argparse
import html
import re
import zlib
from datetime import date
from pathlib import Path

TIMEX = re.compile(r"<TIMEX3\b([^>]*)>(.*?)</TIMEX3>", re.S)
TAG = re.compile(r"<[^>]+>")


def read_tml(path: Path) -> tuple[str, date | None, list[tuple[int, int, str]]]:
    """Give the running text of a TimeML file, its creation day, and the gold (start, end, value)."""
    source = path.read_text(encoding="utf-8", errors="replace")
    created = re.search(r"<DCT>.*?value=\"(\d{4})-?(\d\d)-?(\d\d)", source, re.S)
    body = re.search(r"<TEXT>(.*?)</TEXT>", source, re.S)
    raw = body.group(1) if body else ""
    text, gold, at, opened = "", [], 0, []
    for tag in TAG.finditer(raw):
        text += html.unescape(raw[at : tag.start()])
        at = tag.end()
        if tag.group().startswith("<TIMEX3"):
            value = re.search(r'value="([^"]*)"', tag.group())
            opened.append((len(text), value.group(1) if value else ""))
        elif tag.group() == "</TIMEX3>" and opened:
            start, value_ = opened.pop()
            gold.append((start, len(text), value_))
    text += html.unescape(raw[at:])
    return text, date(*map(int, created.groups())) if created else None, gold


def f1(hit: int, made: int, gold: int) -> float:
    return round(2 * hit / (made + gold), 4) if made + gold else 0.0


def main(argv: list[str]) -> dict[str, object]:
    from detente.extract.times import find_times

    parser = argparse.ArgumentParser(prog="python -m evals times", description=__doc__)
    parser.add_argument("--tml", required=True, type=Path)
    parser.add_argument(
        "--half", choices=("tuned", "unseen"), help="only the articles that rules were read on, or the others"
    )
    parser.add_argument("--show", action="store_true", help="print misses and false finds")
    args = parser.parse_args(argv)
    strict = relaxed = valued = made = wanted = files = 0
    for path in sorted(args.tml.rglob("*.tml")):
        if args.half and (zlib.crc32(path.name.encode()) % 2 == 0) != (args.half == "tuned"):
            continue
        text, day, gold = read_tml(path)
        found = find_times(text, day)
        files, made, wanted = files + 1, made + len(found), wanted + len(gold)
        left = list(found)
        for start, end, value in gold:
            hit = next((t for t in left if t.start < end and start < t.end), None)
            if hit is None:
                if args.show:
                    print(f"missed  {text[start:end]!r} {value}")
                continue
            left.remove(hit)
            relaxed += 1
            strict += (hit.start, hit.end) == (start, end)
            valued += hit.value == value
            if args.show and hit.value != value:
                print(
                    f"value   {text[start:end]!r} {value} -> {hit.value} {text[hit.start : hit.end]!r} (created {day})"
                )
        if args.show:
            for t in left:
                print(f"false   {text[t.start : t.end]!r} {t.value}")
    return {"files": files, "expressions": wanted, "found": made, "relaxed_f1": f1(relaxed, made, wanted),
            "strict_f1": f1(strict, made, wanted), "value_f1": f1(valued, made, wanted)}  # fmt: skip
