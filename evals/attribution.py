"""`python -m evals attribution --polnear DIR [--limit N]`: sources, cues and contents against brat files.

DIR holds `text/*.txt` and `attributions/*.ann` (PolNeAR's dev, say).

    source_cue_f1   F1 over pairs of source head and cue. A pair of ours is right where the head word of our source lies in
                    the gold source and our cue overlaps the gold cue of the same attribution. Gold
                    attributions without a source, or without a cue, are matched by the part they have; ours without a
                    source are not counted against precision unless they overlap no gold cue
    cue_f1          the same for cues alone
    content_f1      F1 over the words of contents, of the pairs that are right
"""

import argparse
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.engines import Annotation
from detente.extract.reports import Report, find_reports

Offsets = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldReport:
    """An attribution as marked: character ranges of source, cue and content."""

    source: Offsets
    cue: Offsets
    content: Offsets


def read_brat(file: Path) -> list[GoldReport]:
    """Give the attributions of a brat file."""
    spans: dict[str, Offsets] = {}
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        key, _, rest = line.partition("\t")
        if key.startswith("T"):
            offsets = rest.split("\t")[0].partition(" ")[2]
            ranges = [part.split() for part in offsets.split(";")]
            spans[key] = [(int(part[0]), int(part[1])) for part in ranges if len(part) == 2]
        elif key.startswith("E"):
            parts: dict[str, Offsets] = {"Source": [], "Cue": [], "Content": []}
            for argument in rest.split():
                role, _, target = argument.partition(":")
                role = re.sub(r"\d+$", "", role)
                if role in parts:
                    parts[role] += spans.get(target, [])
            found.append(GoldReport(source=parts["Source"], cue=parts["Cue"], content=parts["Content"]))
    return found


def words_in(a: Annotation, ends: Sequence[int], offsets: Offsets) -> list[int]:
    """Give the words that character ranges touch."""
    found = []
    for start, end in offsets:
        k = bisect_right(ends, start)
        while k < len(a) and a.starts[k] < end:
            found.append(k)
            k += 1
    return found


def read_pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Give text and attribution files; of several annotators' the first."""
    made = []
    for text in sorted((folder / "text").glob("*.txt")):
        marked = sorted((folder / "attributions").glob(f"{text.stem}*.ann"))
        if marked:
            made.append((text, marked[0]))
    return made


def f1(hit: float, made: float, gold: float) -> float:
    """Give F1 from counts."""
    return round(2 * hit / (made + gold), 4) if made + gold else 0.0


def score(a: Annotation, gold: list[GoldReport], reports: Iterable[Report], tally: Counter[str]) -> None:
    """Count the pairs of one document."""
    ends = [start + len(word) for start, word in zip(a.starts, a.words, strict=True)]
    marked = [tuple(set(words_in(a, ends, part)) for part in (g.source, g.cue, g.content)) for g in gold]
    ours = list(reports)
    tally["gold"] += len(marked)
    tally["gold cues"] += sum(bool(cue) for _, cue, _ in marked)
    left = dict(enumerate(marked))
    for report in ours:
        cue_words = set(range(report.cue, report.cue_end))
        same = [n for n, (_, cue, _) in left.items() if cue & cue_words]
        tally["cues made"] += 1
        tally["cue hits"] += bool(same)
        source = report.speaker if report.speaker is not None else None
        if source is None and report.speaker_start >= 0:
            source = report.speaker_end - 1
        hit = next(
            (n for n in same if (source in left[n][0] if source is not None else not left[n][0])), None
        )
        tally["made"] += 1
        if hit is None:
            continue
        tally["hits"] += 1
        content = left.pop(hit)[2]
        tally["content hits"] += len(content & report.content)
        tally["content made"] += len(report.content)
        tally["content gold"] += len(content)


def main(argv: list[str]) -> dict[str, object]:
    """Measure attribution."""
    from detente.engines import load_annotator
    from detente.packs import load_pack

    parser = argparse.ArgumentParser(prog="python -m evals attribution", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--polnear", required=True, type=Path)
    parser.add_argument("--limit", type=int)
    args = parser.parse_args(argv)
    pairs = read_pairs(args.polnear)[: args.limit]
    lexicon = load_pack([]).lexicon
    texts = [text.read_bytes().decode("utf-8") for text, _ in pairs]
    tally: Counter[str] = Counter()
    for (_, marked), a in zip(pairs, load_annotator().annotate(texts), strict=True):
        score(a, read_brat(marked), find_reports(a, lexicon), tally)
    return figures_of(tally, len(pairs))


def figures_of(tally: Counter[str], files: int) -> dict[str, object]:
    """Give the figures of the counts."""
    return {
        "files": files, "attributions": tally["gold"], "found": tally["made"],
        "source_cue_f1": f1(tally["hits"], tally["made"], tally["gold"]),
        "precision": round(tally["hits"] / max(1, tally["made"]), 4), "recall": round(tally["hits"] / max(1, tally["gold"]), 4),
        "cue_f1": f1(tally["cue hits"], tally["cues made"], tally["gold cues"]),
        "content_f1": f1(tally["content hits"], tally["content made"], tally["content gold"]),
    }  # fmt: skip
