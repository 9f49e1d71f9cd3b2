"""How sides frame a happening: its motive, and how much damage it did, in the words that they use."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from detente.records import Span, Stance

# Words that turn a framing round when they stand before it in its clause.
_TURNS = re.compile(
    r"\b(?:not|no|never|without|nor|neither|den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?"
    r"|rul(?:e|es|ed|ing) out|refut(?:e|es|ed|ing)|n[’']t|rather than|instead of|lack of)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;:—]|, (?:but|and|while|whereas|although)\b|\bbut\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """A framing found in a text: of which question, which answer, in which words, told or turned round."""

    question: str
    answer: str
    span: Span
    stance: Stance


@cache
def questions() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """Give the questions with a pattern for each answer."""
    told = yaml.safe_load(files("detente").joinpath("data/fuse/framings.yml").read_text(encoding="utf-8"))
    return {q: {a: _pattern(phrases) for a, phrases in answers.items()} for q, answers in told.items()}


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    forms = (
        re.escape(p).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
        for p in sorted(phrases, key=len, reverse=True)
    )
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)


def find_framings(text: str, within: Span) -> Iterator[Framing]:
    """Give the framings in a run of a text, in order of the questions."""
    part = text[within.start : within.end]
    for question, answers in questions().items():
        for answer, pattern in answers.items():
            found = pattern.search(part)
            if found:
                span = Span(start=within.start + found.start(), end=within.start + found.end())
                stance: Stance = "denies" if _turned(part[: found.start()]) else "asserts"
                yield Framing(question=question, answer=answer, span=span, stance=stance)


def _turned(before: str) -> bool:
    clause = _CLAUSE.split(before)[-1]
    return bool(_TURNS.search(clause[-90:]))
