"""The scene of a document: all that is known of its words before events are made."""

from dataclasses import dataclass
from datetime import date, timedelta

from detente.engines import Annotation, Engines, EventWord
from detente.extract.parties import Party, PartyFinder, in_sentence
from detente.extract.places import Toponym, find_places
from detente.extract.reports import Report, Scenery, find_reports, set_scenery
from detente.extract.roles import Scored, score_parties
from detente.extract.times import TimeExpression, find_times
from detente.packs import Pack
from detente.records import Document


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


def read_scene(document: Document, pack: Pack, engines: Engines) -> Scene:
    """Give the scene of a document."""
    annotation = next(iter(engines.annotator.annotate([document.text])))
    finder = PartyFinder(annotation, pack, middle_day(document))
    parties = finder.find()
    return Scene(
        document=document, pack=pack, annotation=annotation, children=finder.children, parties=parties,
        times=find_times(document.text, anchor_day(document)), places=find_places(annotation, pack, parties),
        reports=find_reports(annotation, pack.lexicon), scenery=set_scenery(annotation), words=engines.events.read(annotation),
        sentence_of=tuple(k for k, (s, e) in enumerate(annotation.sentences) for _ in range(s, e)),
        by_sentence=tuple(tuple(in_sentence(parties, *s)) for s in annotation.sentences),
        main_country=finder.main_country,
    )  # fmt: skip


def anchor_day(document: Document) -> date | None:
    """Give the day from which the document speaks, where it is known to a week; words like "Monday" need no less."""
    when = document.published
    if when is None or when.latest - when.earliest > timedelta(days=8):
        return None
    return when.latest.date()


def middle_day(document: Document) -> date | None:
    """Give the middle of the publication interval: good enough to say who held an office."""
    when = document.published
    return None if when is None else (when.earliest + (when.latest - when.earliest) / 2).date()


def score_word(scene: Scene, word: EventWord, type_: str) -> list[Scored]:
    """Give the parties of an event word's sentence with their log-odds of either role."""
    first = scene.annotation.sentences[word.sentence][0]
    parties = scene.by_sentence[word.sentence]
    opinions = {}
    for k, party in enumerate(parties):
        inside = word.roles[max(0, party.start - first) : party.end - first]
        if len(inside):
            opinions[k] = (float(inside[:, 0].max()), float(inside[:, 1].max()))
    return score_parties(scene.annotation, word.word, type_, parties, opinions)


def party_at(scene: Scene, word: int | None) -> list[Party]:
    """Give the party whose phrase holds a word, or an empty list."""
    if word is None:
        return []
    return [
        p for p in scene.by_sentence[scene.sentence_of[word]] if p.start <= word < p.end or p.head == word
    ][:1]
