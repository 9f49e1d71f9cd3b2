"""Timing: which time expression of a document tells when an event took place.

The expression told nearest in the parse, within the event's sentence; where there is none, an event is taken as news
of the month of publication, and no day is ever made up. A reader that points at times (the event reader has odds for
them) was weighed in on held-out articles and lost: 0.72 right against 0.76.
"""

from detente.engines import Annotation
from detente.extract.scene import Scene, time_words
from detente.extract.times import TimeExpression, make_when, month_when
from detente.records import Document, Span, When

NEAR_ENOUGH = 6  # edges of the parse between an event word and a time; chosen on the 30 held-out articles


def told_when(scene: Scene, word: int) -> tuple[When | None, Span | None]:
    """Give the time of an event and the words that tell it, else the publication's, to the month at best."""
    a = scene.annotation
    left, right = a.span(*a.sentences[scene.sentence_of[word]])
    up = [word, *a.ancestors(word)]
    best: tuple[int, int, TimeExpression] | None = None
    for t in scene.times:
        if t.when is None or not left <= t.start < right:
            continue
        steps = steps_to(a, time_words(a, t)[2], up)
        rank = (steps, abs(t.start - a.starts[word]), t)
        if steps <= NEAR_ENOUGH and (best is None or rank[:2] < best[:2]):
            best = rank
    if best is not None:
        return best[2].when, Span(start=best[2].start, end=best[2].end)
    return published_when(scene.document), None


def steps_to(a: Annotation, k: int, up: list[int]) -> int:
    """Count the edges from a time's head to an event word, whose line of ancestors is `up`; names' years are far."""
    if a.deps[k] in ("compound", "nummod", "amod", "flat", "nmod:poss") and a.heads[k] != up[0]:
        return 99
    steps = 0
    while k not in up:
        if a.heads[k] == k or steps > NEAR_ENOUGH:
            return 99
        if a.deps[k] in ("acl:relcl", "ccomp", "advcl", "acl", "parataxis"):
            steps += 2  # a time inside a clause of its own belongs to that clause
        k, steps = a.heads[k], steps + 1
    return steps + up.index(k)


def published_when(document: Document) -> When | None:
    """Give the month of publication, or its interval where that is wider: what is told undated is taken as news."""
    published = document.published
    if published is None:
        return None
    first, last = published.earliest.date(), published.latest.date()
    if first == last:
        return month_when(first.year, first.month, "published")
    return make_when(first, last, "published")
