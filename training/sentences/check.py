"""Checks the hand-written sentences: form, balance of the labels, agreement of a second labelling.

Run as `python training/sentences/check.py` (`--disagreements` lists the rows labelled otherwise the
second time); it ends with 1 when a row is malformed.
The rules that the labels follow are in GUIDE.md beside this file.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

FOLDER = Path(__file__).resolve().parent
COLUMNS = ("id", "marked_sentence", "type", "mode", "status", "note")
STATUSES = ("happened", "planned", "possible", "attempted", "denied")
REQUEST_CONTENTS = frozenset({"assist", "change", "yield", "meet"})
MODES: dict[str, frozenset[str]] = {
    "AGREE": frozenset(),
    "CONSULT": frozenset({"visit", "third-party", "multilateral", "phone"}),
    "SUPPORT": frozenset(),
    "CONCEDE": frozenset(),
    "COOPERATE": frozenset(),
    "AID": frozenset(),
    "RETREAT": frozenset({"withdraw", "release", "return", "disarm", "ceasefire", "access", "resign"}),
    "REQUEST": REQUEST_CONTENTS,
    "ACCUSE": frozenset({"disapprove", "investigate", "allege"}),
    "REJECT": REQUEST_CONTENTS,
    "THREATEN": frozenset({"restrict", "ban", "arrest", "relations", "expel", "territory", "violence"}),
    "PROTEST": frozenset({"demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"}),
    "SANCTION": frozenset({"convict", "expel", "withdraw", "discontinue"}),
    "MOBILIZE": frozenset({"troops", "weapons", "police", "militia"}),
    "COERCE": frozenset(
        {"seize", "restrict", "ban", "censor", "curfew", "martial-law", "arrest", "deport", "withhold"}
        | {"misinformation", "cyber"}
    ),
    "ASSAULT": frozenset(
        {"abduct", "beat", "torture", "execute", "sexual", "assassinate", "targeted", "massacre", "cleansing"}
        | {"destroy", "primitive", "firearms", "explosives", "suicide-attack", "aerial", "drone"}
        | {"heavy-weapons", "crowd-control", "unconventional", "other"}
    ),
    "NONE": frozenset(),
}
ROWS_PER_SENTENCE = 3
TAG = re.compile(r"</?[st]>")
RELABELLED_SHARE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence with one marked pair and its labels; `file` and `line` say where it stands."""

    id: str
    marked_sentence: str
    type: str
    mode: str
    status: str
    note: str
    file: str
    line: int


def sentence_files(folder: Path = FOLDER) -> list[Path]:
    """The writers' files (a-*.tsv, b-*.tsv), in order."""
    return sorted(path for path in folder.glob("*.tsv") if re.match(r"[a-z]-", path.name))


def read_rows(path: Path) -> list[Row]:
    """The rows of one file; ValueError when the header or a row has other columns than COLUMNS."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(next(reader, ())) != COLUMNS:
            raise ValueError(f"{path.name}: the first line must be the columns {' '.join(COLUMNS)}")
        return [_row(cells, path, line) for line, cells in enumerate(reader, start=2)]


def _row(cells: Sequence[str], path: Path, line: int) -> Row:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{path.name}:{line}: {len(cells)} columns instead of {len(COLUMNS)}")
    return Row(**dict(zip(COLUMNS, cells, strict=True)), file=path.name, line=line)


def plain(marked: str) -> str:
    """The sentence without its marks."""
    return TAG.sub("", marked)


def mark_problems(marked: str) -> list[str]:
    """What is wrong with the marks of one sentence: each party once, not empty, not nested."""
    problems = []
    if sorted(TAG.findall(marked)) != ["</s>", "</t>", "<s>", "<t>"]:
        return ["needs exactly one <s>…</s> and one <t>…</t>"]
    spans = re.findall(r"<([st])>(.*?)</\1>", marked)
    if len(spans) != 2 or any(TAG.search(text) for _, text in spans):
        problems.append("marks are nested or crossed")
    if any(not text or text != text.strip() for _, text in spans):
        problems.append("a mark is empty or has blanks at its rim")
    return problems


def label_problems(row: Row) -> list[str]:
    """What is wrong with type, mode and status of one row."""
    if row.type not in MODES:
        return [f"unknown type {row.type!r}"]
    problems = []
    if row.mode and row.mode not in MODES[row.type]:
        problems.append(f"{row.type} has no mode {row.mode!r}")
    if row.type == "NONE" and row.status:
        problems.append("NONE takes no status")
    if row.type != "NONE" and row.status not in STATUSES:
        problems.append(f"unknown status {row.status!r}")
    return problems


def row_problems(row: Row) -> list[str]:
    """Everything wrong with one row by itself."""
    problems = mark_problems(row.marked_sentence) + label_problems(row)
    if not row.id or not row.note:
        problems.append("id and note must be filled in")
    if row.marked_sentence != row.marked_sentence.strip() or "  " in row.marked_sentence:
        problems.append("stray blanks in the sentence")
    return problems


def repeated(values: Iterable[str], limit: int) -> dict[str, int]:
    """The values seen more often than `limit`, with their counts."""
    return {value: n for value, n in Counter(values).items() if n > limit}


def form_problems(rows: Sequence[Row]) -> list[str]:
    """Every defect of form, one line each, over all files together."""
    problems = [f"{row.file}:{row.line}: {text}" for row in rows for text in row_problems(row)]
    problems += [f"id {value} stands {n} times" for value, n in repeated((r.id for r in rows), 1).items()]
    marked = repeated((row.marked_sentence for row in rows), 1)
    problems += [f"the same pair of the same sentence {n} times: {value}" for value, n in marked.items()]
    shared = repeated((plain(row.marked_sentence) for row in rows), ROWS_PER_SENTENCE)
    problems += [f"{n} rows (at most {ROWS_PER_SENTENCE}) of: {value}" for value, n in shared.items()]
    return problems


def kappa(first: Sequence[str], second: Sequence[str]) -> float:
    """Cohen's kappa of two labellings of the same items (Cohen 1960, Educ. Psychol. Meas. 20, 37-46)."""
    n = len(first)
    if n == 0 or n != len(second):
        raise ValueError(f"kappa needs two labellings of one length, not {n} and {len(second)}")
    ours, theirs = Counter(first), Counter(second)
    chance = sum(ours[label] * theirs[label] for label in ours) / n**2
    seen = share_same(first, second)
    return 1.0 if chance == 1.0 else (seen - chance) / (1.0 - chance)


def share_same(first: Sequence[str], second: Sequence[str]) -> float:
    """Raw agreement: the share of items with the same label."""
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def read_relabels(path: Path) -> dict[str, tuple[str, str]]:
    """Second labels by id: (type, status)."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {line["id"]: (line["type"], line["status"] or "") for line in reader}


def to_relabel(rows: Iterable[Row]) -> list[Row]:
    """The tenth that is labelled a second time, chosen by the digest of the id alone."""
    return [row for row in rows if crc32(row.id.encode()) % RELABELLED_SHARE == 0]


def agreement(rows: Sequence[Row], second: dict[str, tuple[str, str]]) -> dict[str, float]:
    """Agreement of first and second labels: counts, raw shares and kappa of type and status.

    Status is compared where both labellings see an event, since NONE has none.
    """
    both = [(row.type, row.status, *second[row.id]) for row in rows if row.id in second]
    if not both:
        raise ValueError("the second labelling names no id of the sentence files")
    events = [item for item in both if "NONE" not in (item[0], item[2])]
    return {
        "rows": len(both),
        "type_raw": share_same([b[0] for b in both], [b[2] for b in both]),
        "type_kappa": kappa([b[0] for b in both], [b[2] for b in both]),
        "rows_status": len(events),
        "status_raw": share_same([b[1] for b in events], [b[3] for b in events]) if events else 0.0,
        "status_kappa": kappa([b[1] for b in events], [b[3] for b in events]) if events else 0.0,
    }


def as_first_labelled(rows: Iterable[Row], first: dict[str, tuple[str, str]]) -> list[Row]:
    """The rows with the labels they had before the two labellings were compared."""
    return [
        replace(row, type=first[row.id][0], status=first[row.id][1]) if row.id in first else row
        for row in rows
    ]


def disagreements(rows: Iterable[Row], second: dict[str, tuple[str, str]]) -> list[str]:
    """One line for each row that the second labelling sees otherwise."""
    return [
        f"{row.id}  {row.type} {row.status} | {' '.join(second[row.id])}  {row.marked_sentence}"
        for row in rows
        if row.id in second and (row.type, row.status) != second[row.id]
    ]


def count_table(rows: Sequence[Row]) -> list[str]:
    """Rows per type with the share of each status, as lines of text."""
    lines = [f"{'type':<10}{'rows':>6}  " + " ".join(f"{s:>10}" for s in STATUSES)]
    for kind in MODES:
        own = [row for row in rows if row.type == kind]
        shares = " ".join(f"{sum(r.status == s for r in own):>10}" for s in STATUSES)
        lines.append(f"{kind:<10}{len(own):>6}  {shares}")
    events = [row for row in rows if row.type != "NONE"]
    total = " ".join(f"{sum(r.status == s for r in events) / max(1, len(events)):>10.1%}" for s in STATUSES)
    lines.append(f"{'all':<10}{len(rows):>6}  {total}  (of events)")
    return lines


def main(arguments: Sequence[str] = ()) -> int:
    """Print the report; 1 when a row is malformed."""
    rows = [row for path in sentence_files() for row in read_rows(path)]
    for path, n in Counter(row.file for row in rows).items():
        print(f"{path}: {n} rows")
    print(f"{len({plain(row.marked_sentence) for row in rows})} different sentences")
    print("\n".join(count_table(rows)))
    print("commonest notes:", ", ".join(f"{v} {n}" for v, n in Counter(r.note for r in rows).most_common(25)))
    for path in sorted(FOLDER.glob("relabel-*.tsv")):
        second = read_relabels(path)
        first = as_first_labelled(rows, read_relabels(path.with_name(path.name.replace("relabel", "first"))))
        print(path.name, " ".join(f"{k}={v:.3g}" for k, v in agreement(first, second).items()))
        if "--disagreements" in arguments:
            print("\n".join(disagreements(first, second)))
    problems = form_problems(rows)
    print("\n".join(problems) or "form: nothing wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
