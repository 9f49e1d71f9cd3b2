"""Records to test with, made from few words."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detente.engines import Annotation, Entity, MarkedPair, PairReading
from detente.engines.tokens import Token, tokenize
from detente.records import (
    Actor,
    Attribution,
    Brief,
    Citation,
    Document,
    Event,
    Evidence,
    Failure,
    Line,
    Link,
    Page,
    Piece,
    Reason,
    Section,
    Source,
    Span,
    When,
    make_id,
)

DAY = datetime(2023, 1, 27, tzinfo=UTC)


def make_source(name: str = "folder") -> Source:
    return Source(id=make_id("source", name), name=name, kind="folder", url="file:.")


def make_page(name: str = "a.txt", body: bytes = b"Tehran arrested 14 people.", day: int = 0) -> Page:
    return Page(
        id=make_id("page", name, body.hex()),
        source=make_source().id,
        url=f"file:{name}",
        fetched_at=DAY + timedelta(days=day),
        media_type="text/plain",
        status=200,
        body=body,
        digest=make_id("digest", body.hex()),
    )


def make_document(page: Page | None = None, title: str = "Arrests in Tehran", number: int = 0) -> Document:
    page = page or make_page()
    text = page.body.decode("utf-8", "replace")
    return Document(
        id=make_id("document", page.id, number),
        page=page.id,
        url=page.url,
        title=title,
        author=None,
        outlet="Test Wire",
        known_at=page.fetched_at,
        published=When(earliest=page.fetched_at, latest=page.fetched_at, basis="given"),
        language="en",
        genre="report",
        text=text,
        pieces=(Piece(start=0, page_span=Span(start=0, end=len(text))),),
    )


def make_actor(name: str = "Iran", country: str | None = "IRN") -> Actor:
    return Actor(id=make_id("actor", name), name=name, kind="state", country=country, sector="GOV")


def make_event(document: Document | None = None, number: int = 0, recipe: str = "r1") -> Event:
    document = document or make_document()
    return Event(
        id=make_id("event", document.id, number),
        document=document.id,
        type="COERCE",
        mode="arrest",
        actors=(make_actor(),),
        recipients=(make_actor("people", "IRN"),),
        when=document.published,
        place=None,
        status="happened",
        attribution=Attribution(speaker=make_actor(), cue="said", stance="asserts"),
        killed=None,
        injured=None,
        evidence=(Evidence(field="quote", span=Span(start=0, end=min(6, len(document.text)))),),
        score=0.75,
        recipe=recipe,
        known_at=document.known_at,
        reasons=(Reason(feature="verb", weight=1.5, detail="arrested"),),
    )


def make_link(event: Event, incident: str = "incident-1", by: str = "model") -> Link:
    return Link(
        id=make_id("link", event.id, incident, by),
        event=event.id,
        incident=incident,
        verdict="same",
        score=0.9,
        reasons=(),
        by=by,
        at=DAY,
    )


def make_failure(stage: str = "read", subject: str = "page-1") -> Failure:
    return Failure(
        id=make_id("failure", stage, subject),
        stage=stage,
        subject=subject,
        error="ReadError",
        message="no text",
        at=DAY,
    )


def make_brief(document: Document) -> Brief:
    citation = Citation(
        document=document.id, span=Span(start=0, end=6), quote=document.text[:6], url=document.url
    )
    section = Section(title="Events", lines=(Line(text="Iran arrested people.", citations=(citation,)),))
    return Brief(
        id=make_id("brief", document.id),
        title="Brief",
        made_at=DAY,
        since=None,
        until=None,
        sections=(section,),
        recipe="r1",
    )


class FakeAnnotator:
    """An annotator without weights: real words and lines, flat trees, the names it is given.

    Each line is a sentence whose first word heads the others; `names` maps single words or runs of
    words to entity labels.
    """

    recipe = "fake-annotator"

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names = {tuple(name.split()): label for name, label in (names or {}).items()}

    def annotate(self, texts: Iterable[str]) -> Iterator[Annotation]:
        for text in texts:
            yield self._annotate(text, tokenize(text))

    def annotate_words(self, sentences: Sequence[Sequence[str]]) -> Annotation:
        text, tokens = "", []
        for sentence in sentences:
            for at, word in enumerate(sentence):
                tokens.append(Token(len(text), len(text) + len(word), at == 0))
                text += word + " "
        return self._annotate(text.rstrip(" "), tokens)

    def _annotate(self, text: str, tokens: Sequence[Token]) -> Annotation:
        words = tuple(text[t.start : t.end] for t in tokens)
        firsts = [at for at, t in enumerate(tokens) if t.opens_line]
        heads = [firsts[bisect_right(firsts, at) - 1] for at in range(len(words))]
        return Annotation(
            text=text,
            words=words,
            starts=tuple(t.start for t in tokens),
            lemmas=tuple(word.lower() for word in words),
            pos=tuple("PROPN" if word[0].isupper() else "X" for word in words),
            tags=tuple("NNP" if word[0].isupper() else "NN" for word in words),
            deps=tuple("root" if head == at else "dep" for at, head in enumerate(heads)),
            heads=tuple(heads),
            sentences=tuple(zip(firsts, [*firsts[1:], len(words)], strict=False)),
            entities=tuple(sorted(self._found(words))),
        )

    def _found(self, words: Sequence[str]) -> Iterator[Entity]:
        for name, label in self._names.items():
            for at in range(len(words) - len(name) + 1):
                if tuple(words[at : at + len(name)]) == name:
                    yield Entity(at, at + len(name), label)


class FakeRelations:
    """A `PairClassifier` and an `Encoder` without weights.

    A pair has the type of the first word of `verbs` that its sentence holds, else NONE; a vector counts
    the words of a text in a few bins.
    """

    recipe = "fake-relations"

    def __init__(self, verbs: Mapping[str, str]) -> None:
        self._verbs = dict(verbs)

    def classify(self, pairs: Sequence[MarkedPair]) -> list[PairReading]:
        """One reading for each pair, in order."""
        return [self._read(pair.text) for pair in pairs]

    def _read(self, text: str) -> PairReading:
        found = next((type_ for verb, type_ in self._verbs.items() if verb in text.split()), "NONE")
        types = {label: float(label == found) for label in {*self._verbs.values(), "NONE"}}
        return PairReading(types, "", 1.0, "happened", 1.0)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text."""
        rows = np.full((len(texts), 64), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[crc32(word.encode()) % 64] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
