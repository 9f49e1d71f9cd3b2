"""The scene of a document: all that is known of its words before events are made."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from detente.engines import Annotation, Engines, EventWord
from detente.extract.parties import Party, PartyFinder, in_sentence
from detente.extract.places import Toponym, find_places
from detente.extract.reports import Report, Scenery, find_reports, set_scenery
from detente.extract.roles import Scored, score_parties
from detente.extract.times import TimeExpression, find_times
from detente.packs import Lexicon, Pack
from detente.records import ActorId, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A document with its annotation, parties, times, places, reports and event words."""

    document: Document
    pack: Pack
    annotation: Annotation
    children: tuple[tuple[int, ...], ...]
    parties: tuple[Party, ...]
    times: tuple[TimeExpression, ...]
    places: tuple[Toponym, ...]
    reports: tuple[Report, ...]
    scenery: Scenery
    words: tuple[EventWord, ...]
    sentence_of: tuple[int, ...]
    by_sentence: tuple[tuple[Party, ...], ...]
    main_country: str | None
    mentions: Mapping[ActorId, int]  # how often each actor is named or meant
    density: float  # event words that the reader expects in a sentence, on the mean


def read_scene(document: Document, pack: Pack, engines: Engines) -> Scene:
    """Give the scene of a document."""
    annotation = next(iter(engines.annotator.annotate([document.text])))
    finder = PartyFinder(annotation, pack, middle_day(document))
    reports = find_reports(annotation, pack.lexicon)
    parties = finder.find(reports)
    words = engines.events.read(annotation, lexicon_hints(annotation, pack.lexicon, engines.events.types))
    return Scene(
        document=document, pack=pack, annotation=annotation, children=finder.children, parties=parties,
        times=find_times(document.text, anchor_day(document), day_around(document)),
        places=find_places(annotation, pack, parties),
        reports=reports, scenery=set_scenery(annotation),
        words=words,
        sentence_of=tuple(k for k, (s, e) in enumerate(annotation.sentences) for _ in range(s, e)),
        by_sentence=tuple(tuple(in_sentence(parties, *s)) for s in annotation.sentences),
        main_country=finder.main_country, mentions=Counter(actor.id for p in parties for actor in p.actors),
        density=sum(float(w.types.max()) for w in words) / max(1, len(annotation.sentences)),
    )  # fmt: skip


def lexicon_hints(annotation: Annotation, lexicon: Lexicon, types: Sequence[str]) -> NDArray[np.float32]:
    """Give for each word and type 1 where the lexicon takes the word for such an act, else 0."""
    number = {name: t for t, name in enumerate(types)}
    hints = np.zeros((len(annotation), len(types)), dtype=np.float32)
    for k, (lemma, pos) in enumerate(zip(annotation.lemmas, annotation.pos, strict=True)):
        kind = _LEXICAL.get(pos)
        for predicate in lexicon.look_up(lemma.lower(), kind) if kind else ():
            if predicate.type in number and " " not in predicate.lemma:
                t = number[predicate.type]
                hints[k, t] = 1.0
    return hints


_LEXICAL = {"VERB": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective"}


def anchor_day(document: Document) -> date | None:
    """Give the day from which the document speaks, where it is known to a week; words like "Monday" need no less."""
    when = document.published
    if when is None or when.latest - when.earliest > timedelta(days=8):
        return None
    return when.latest.date()


def day_around(document: Document) -> date | None:
    """Give a day within seven weeks of the document's, where it is known so well: enough to tell the year of "27 January"."""
    when = document.published
    return middle_day(document) if when is not None and when.latest - when.earliest <= timedelta(days=98) else None


def middle_day(document: Document) -> date | None:
    """Give the middle of the publication interval: good enough to say who held an office."""
    when = document.published
    return None if when is None else (when.earliest + (when.latest - when.earliest) / 2).date()


NEAR_CONTEXT = (3, 1)  # sentences before and after whose parties may play a part, if the reader believes so
LEAST_OPINION = -3.5  # log-odds of the reader below which a party of another sentence is not considered


def score_word(scene: Scene, word: EventWord, type_: str) -> list[Scored]:
    """Give the parties that may play a part in an event, with their log-odds of either role.

    All parties of its sentence, and those of the sentences around that the reader finds likely.
    """
    parties: list[Party] = []
    opinions: dict[int, tuple[float, float]] = {}
    away: dict[int, int] = {}
    first = max(0, word.sentence - NEAR_CONTEXT[0])
    for sentence in range(first, min(len(scene.by_sentence), word.sentence + NEAR_CONTEXT[1] + 1)):
        for party in scene.by_sentence[sentence]:
            opinion = opinion_of(word, party)
            if sentence != word.sentence:
                if opinion is None or max(opinion) < LEAST_OPINION:
                    continue
                away[len(parties)] = sentence - word.sentence
            if opinion is not None:
                opinions[len(parties)] = opinion
            parties.append(party)
    mentions = [scene.mentions[party.actors[0].id] for party in parties]
    return score_parties(scene.annotation, word.word, type_, parties, opinions, away, mentions)


def opinion_of(word: EventWord, party: Party) -> tuple[float, float] | None:
    """Give the reader's log-odds that a party is the actor and the recipient; None where it did not see it."""
    k = party.head - word.first
    return (float(word.roles[k, 0]), float(word.roles[k, 1])) if 0 <= k < len(word.roles) else None


def time_words(a: Annotation, t: TimeExpression) -> tuple[int, int, int]:
    """Give the words of a time expression, and among them the one that hangs on a word outside."""
    start = max(0, bisect_right(a.starts, t.start) - 1)
    end = max(start + 1, bisect_left(a.starts, t.end))
    head = next((k for k in range(start, end) if not start <= a.heads[k] < end or a.heads[k] == k), start)
    return start, end, head


def party_at(scene: Scene, word: int | None) -> list[Party]:
    """Give the party whose phrase holds a word, or an empty list."""
    if word is None:
        return []
    return [
        p for p in scene.by_sentence[scene.sentence_of[word]] if p.start <= word < p.end or p.head == word
    ][:1]
