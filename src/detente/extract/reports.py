"""Reports: whose word a stretch of text is given on (source, cue, content)."""

from collections.abc import Iterator
from dataclasses import dataclass

from detente.engines import Annotation
from detente.packs import Lexicon
from detente.records import Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A reporting frame in word numbers: the speaker's head (None: unnamed), the cue, the words reported."""

    speaker: int | None
    cue: int
    cue_end: int
    content: frozenset[int]
    stance: Stance


def find_reports(a: Annotation, lexicon: Lexicon) -> tuple[Report, ...]:
    """Give the reporting frames of a document, in the order of their cues."""
    children = a.children()
    found: list[Report] = []
    for sentence in a.sentences:
        for k in range(*sentence):
            report = _according(a, children, sentence, k) or _verb(a, children, sentence, k, lexicon)
            if report is not None:
                found.append(report)
    return tuple(found)


def _subtree(children: tuple[tuple[int, ...], ...], top: int) -> Iterator[int]:
    stack = [top]
    while stack:
        k = stack.pop()
        yield k
        stack.extend(children[k])


def _according(
    a: Annotation, children: tuple[tuple[int, ...], ...], sentence: tuple[int, int], k: int
) -> Report | None:
    if a.words[k].lower() != "according" or k + 1 >= len(a) or a.words[k + 1].lower() != "to":
        return None
    speaker = a.heads[k] if a.deps[k] == "case" else next((c for c in children[k] if c > k + 1), None)
    if speaker is None:
        return None
    inside = set(_subtree(children, speaker))
    return Report(
        speaker=speaker,
        cue=k,
        cue_end=k + 2,
        content=frozenset(set(range(*sentence)) - inside),
        stance="asserts",
    )


def _verb(
    a: Annotation, children: tuple[tuple[int, ...], ...], sentence: tuple[int, int], k: int, lexicon: Lexicon
) -> Report | None:
    entry = next(
        (r for r in lexicon.reporting.get(a.lemmas[k].lower(), ()) if r.pos == "verb" and " " not in r.lemma),
        None,
    )
    if entry is None or a.pos[k] != "VERB":
        return None
    subject = next((c for c in children[k] if a.deps[c].startswith("nsubj")), None)
    passive = any(a.deps[c] in ("nsubj:pass", "aux:pass") for c in children[k])
    clause = [
        c for c in children[k] if a.deps[c] in ("ccomp", "parataxis") or (a.deps[c] == "xcomp" and passive)
    ]
    content: set[int] = {w for c in clause for w in _subtree(children, c)}
    if not content and a.deps[k] in ("parataxis", "ccomp") and a.heads[k] != k:
        content = set(range(*sentence)) - set(_subtree(children, k))
    if not content:
        return None
    speaker = None if passive else subject
    if speaker is None and not passive:
        speaker = next((c for c in children[k] if a.deps[c] == "obl:agent"), None)
        if speaker is None:
            return None
    return Report(speaker=speaker, cue=k, cue_end=k + 1, content=frozenset(content), stance=entry.stance)
