"""Turn annotated articles and marked pairs into sentence examples for the event reader.

An example is a sentence with events; an event knows its type, status and, where they could be found in
the sentence, the character spans of its quote, its actors and its recipients. Examples of articles are
*complete* (a type that is not marked is absent); those of marked pairs are not.
"""

import csv
import json
import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Span = tuple[int, int]

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
STATUSES = ("happened", "planned", "possible", "attempted", "denied")
SYMMETRIC = {"AGREE", "CONSULT", "COOPERATE", "SUPPORT"}
STATE_SECTORS = {"GOV", "MIL", "POL", "JUD", "LEG", None}
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sgt|Gov|Sen|Rep|St|No|vs|Prof|Rev|Jr|Sr|Maj|Capt|Adm|Brig|U\.S|U\.N|U\.K|[A-Z]))\.$"
)
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")


@dataclass(slots=True)
class Mention:
    """One annotated event as far as one sentence shows it; spans are offsets into the sentence."""

    type: str
    status: str
    quote: Span | None
    actors: list[Span] = field(default_factory=list)
    recipients: list[Span] = field(default_factory=list)
    primary: bool = True
    attributed: bool | None = None


@dataclass(slots=True)
class Example:
    """One sentence with its events; `complete` says that what is not marked is not there."""

    text: str
    events: list[Mention]
    complete: bool
    group: str
    pair_none: tuple[Span, Span] | None = None


def split_sentences(text: str) -> Iterator[Span]:
    """Give the character spans of sentences; line ends always end one."""
    start = 0
    for end in SENTENCE_END.finditer(text):
        if "\n" not in end.group() and ABBREVIATION.search(text[start : end.start() + 1]):
            continue
        if text[start : end.start() + 1].strip():
            yield start, end.start() + len(end.group().rstrip())
        start = end.end()
    if text[start:].strip():
        yield start, len(text)


def plain(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()


IGNORED = {
    "the", "of", "and", "in", "for", "on", "a", "an", "de", "la", "el", "al", "government", "state", "national",
    "ministry", "minister", "president", "prime", "foreign", "officials", "official", "people", "unidentified",
    "republic", "united", "forces", "party", "group", "unnamed", "sources", "local", "department", "army", "court",
    "council", "police", "authorities", "attackers", "residents", "workers", "protesters", "students", "military",
    "armed", "supreme", "high", "movement", "members", "union", "residents", "supporters", "north", "south",
}  # fmt: skip
SPECIAL = {
    "USA": ["u.s.", "us", "american", "americans", "washington", "u.s"], "GBR": ["uk", "british", "britain", "london", "u.k."],
    "CHN": ["chinese", "beijing"], "DEU": ["german", "berlin"], "FRA": ["french", "paris"], "ESP": ["spanish", "madrid"],
    "NLD": ["dutch"], "DNK": ["danish"], "CHE": ["swiss"], "GRC": ["greek"], "POL": ["polish"], "SWE": ["swedish"],
    "TUR": ["turkish", "ankara", "turkey"], "PHL": ["philippine", "filipino", "manila"], "THA": ["thai", "bangkok"],
    "KOR": ["seoul", "south"], "PRK": ["pyongyang", "north"], "ARE": ["emirati", "uae"], "ISR": ["israeli", "jerusalem"],
    "RUS": ["moscow", "kremlin"], "IRN": ["tehran"], "IND": ["delhi"], "JPN": ["tokyo"], "IRQ": ["baghdad"],
    "SYR": ["damascus", "assad"], "UKR": ["kyiv", "kiev"], "VEN": ["caracas"], "MMR": ["myanmar", "burmese", "burma"],
}  # fmt: skip


def country_stems() -> dict[str, list[str]]:
    """Alpha-3 code -> lower-case stems that begin its name or demonym."""
    import pycountry

    stems = {c.alpha_3: [plain(w)[: max(4, len(w) - 2)] for w in c.name.split(",")[0].split() if len(w) > 3][:1]
             for c in pycountry.countries}  # fmt: skip
    for code in ("USA", "GBR", "KOR", "PRK", "ARE"):
        stems[code] = []
    return stems


STEMS: dict[str, list[str]] = {}


def party_words(party: dict[str, Any]) -> tuple[set[str], list[str], set[str]]:
    """Give the distinctive words, country stems and generic words by which a party may be named."""
    if not STEMS:
        STEMS.update(country_stems())
    words = {plain(w) for w in re.findall(r"[^\W\d_][\w.’'-]*", party["name"])}
    country = party.get("country")
    stems = STEMS.get(country, []) if country else []
    return words - IGNORED, stems, (words & IGNORED) - {"the", "of", "and", "in", "for", "on", "a", "an"}


def find_party(text: str, party: dict[str, Any]) -> list[Span]:
    """Give the spans of words in `text` that name the party: its own name first, else its country."""
    own, stems, generic = party_words(party)
    tokens = [(m.start(), m.end(), plain(m.group())) for m in re.finditer(r"[^\W_][\w.’'-]*", text)]
    tokens = [(s, e, re.sub(r"['’]s?$", "", w).rstrip(".,")) for s, e, w in tokens]
    named = [
        (s, e)
        for s, e, w in tokens
        if len(w) > 1 and any(w == o or (len(o) > 4 and w.startswith(o[:-1])) for o in own)
    ]
    if named:
        return named
    country = [(s, e) for s, e, w in tokens
               if any(w.startswith(st) for st in stems) or w in SPECIAL.get(party.get("country") or "", ())]  # fmt: skip
    words = [(s, e) for s, e, w in tokens if w in generic or w.rstrip("s") in generic or w + "s" in generic]
    if party.get("sector") in STATE_SECTORS and country:
        return country
    return words or country


def quote_spans(event: dict[str, Any], text: str) -> list[tuple[int, int, bool]]:
    spans = []
    for k, quote in enumerate([event["quote"], *(event.get("also") or [])]):
        at = text.find(quote)
        if at >= 0:
            spans.append((at, at + len(quote), k == 0))
    return spans


def article_examples(gold: dict[str, Any], text: str) -> Iterator[Example]:
    """Give one example a sentence of the annotated articles of a document."""
    events = [(e, quote_spans(e, text)) for e in gold["events"]]
    for article in gold["articles"]:
        body = text[article["start"] : article["end"]]
        for left, right in split_sentences(body):
            left, right = left + article["start"], right + article["start"]
            sentence = text[left:right]
            mentions = []
            for event, spans in events:
                best = max(spans, key=lambda s: min(s[1], right) - max(s[0], left), default=None)
                for span in spans:
                    shared = min(span[1], right) - max(span[0], left)
                    if shared <= 0.4 * min(span[1] - span[0], right - left) or (
                        span is not best and shared < 15
                    ):
                        continue
                    mentions.append(
                        Mention(
                            type=event["type"], status=event["status"],
                            quote=(max(span[0], left) - left, min(span[1], right) - left),
                            actors=[s for p in event["actor"] for s in find_party(sentence, p)],
                            recipients=[s for p in event["recipient"] for s in find_party(sentence, p)],
                            primary=span[2], attributed=bool(event.get("said_by")),
                        )
                    )  # fmt: skip
            yield Example(sentence, mentions, True, gold["doc"])


def load_articles(folder: Path, texts: Path) -> list[Example]:
    examples = []
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = (texts / f"{gold['doc']}.txt").read_text(encoding="utf-8")
        examples += list(article_examples(gold, text))
    return examples


MARK = re.compile(r"<(/?)([st])>")


def unmark(marked: str) -> tuple[str, Span, Span]:
    """Take the marks out of a sentence; give the plain text and the spans of source and target."""
    text, spans, start, at = "", {}, {}, 0
    for m in MARK.finditer(marked):
        text += marked[at : m.start()]
        at = m.end()
        if m.group(1):
            spans[m.group(2)] = (start[m.group(2)], len(text))
        else:
            start[m.group(2)] = len(text)
    return text + marked[at:], spans["s"], spans["t"]


def pair_example(marked: str, type_: str, status: str | None, group: str) -> Example:
    text, source, target = unmark(marked)
    if type_ == "NONE":
        return Example(text, [], False, group, pair_none=(source, target))
    return Example(text, [Mention(type_, status or "", None, [source], [target])], False, group)


def load_plv(path: Path) -> list[Example]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    examples = []
    for k, row in enumerate(rows):
        type_ = row["gold_root"]
        marks = set(MARK.findall(row["marked_sentence"]))
        if type_ in TYPES and len(marks) == 4:
            examples.append(pair_example(row["marked_sentence"], type_, None, f"plv-{k}"))
    return examples


def load_sentences(folder: Path) -> list[Example]:
    """Give our own marked sentences of `training/sentences`."""
    examples = []
    for path in sorted(folder.glob("[ab]-*.tsv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                try:
                    examples.append(
                        pair_example(row["marked_sentence"], row["type"], row["status"], row["id"])
                    )
                except KeyError:
                    continue
    return examples


def load_cameo_pairs(path: Path) -> list[tuple[str, list[Span], list[Span]]]:
    """Give sentences with the spans of sources and targets, whatever the event."""
    out = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        text, sources, targets = "", [], []
        for line in block.splitlines():
            word, _, tag = line.rpartition(" ")
            if not word:
                continue
            span = (len(text), len(text) + len(word))
            text += word + " "
            if tag[2:] in ("S", "R"):
                sources.append(span)
            if tag[2:] in ("T", "R"):
                targets.append(span)
        if sources and targets:
            out.append((text.rstrip(), sources, targets))
    return out


def hold_out(examples: Iterable[Example], share: float, seed: int) -> tuple[list[Example], list[Example]]:
    """Split by document, never by sentence."""
    examples = list(examples)
    groups = sorted({e.group for e in examples})
    random.Random(seed).shuffle(groups)
    held = set(groups[: round(share * len(groups))])
    return [e for e in examples if e.group not in held], [e for e in examples if e.group in held]
