"""Events: from event words to records, each field with the words that support it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from detente.engines import Annotation, Engines, EventReader
from detente.extract.candidates import Candidate, Thresholds, find_candidates
from detente.extract.counts import event_counts
from detente.extract.credits import SPEECH, credited_report, speakers_of
from detente.extract.parties import Party, make_actor
from detente.extract.roles import Scored, probability
from detente.extract.scene import Scene, party_at, read_scene
from detente.extract.status import status_of
from detente.extract.times import TimeExpression, make_when, month_when
from detente.extract.whereabouts import event_place
from detente.packs import Pack
from detente.records import (
    Actor,
    Attribution,
    Document,
    Event,
    EventId,
    Evidence,
    Reason,
    Span,
    When,
    make_id,
)

LONGEST_QUOTE = 40  # words
CODE = "extract-1"


def extract_events(
    document: Document, pack: Pack, engines: Engines, cut: Thresholds | None = None
) -> tuple[Event, ...]:
    """Give the events of a document, each distinct one once, in the order of the text."""
    if document.language not in (None, "en") or not document.text.strip():
        return ()
    cut = cut or Thresholds()
    scene = read_scene(document, pack, engines)
    recipe = extract_recipe(pack, engines)
    reader = engines.events
    events = [
        make_event(scene, pack, reader, c, cut, recipe)
        for c in find_candidates(scene, reader.types)
        if c.score >= cut.event
    ]
    return tuple(merge_retellings([e for e in events if e is not None]))


def extract_recipe(pack: Pack, engines: Engines) -> str:
    """Give what makes the events: code version, weights and packs by digest."""
    return "+".join((CODE, engines.recipe, pack.digest[:8]))


def make_event(
    scene: Scene, pack: Pack, reader: EventReader, c: Candidate, cut: Thresholds, recipe: str
) -> Event | None:
    """Give the record of a candidate, or None where nobody is told to have done it."""
    a, word = scene.annotation, c.word.word
    scored = without_tellers(scene, c)
    actors, recipients = assign_roles(a, c.type, scored, cut)
    actors = actors or speaker_of(scene, c) or usual_doer(scene, c, recipients, pack)
    if not actors:
        return None
    attribution = attribution_of(scene, c, _records(actors))
    opinion = dict(zip(reader.statuses, map(float, c.word.status), strict=True))
    status, cue = status_of(scene, word, c.type, opinion)
    start, end = _quote(scene, c, actors + recipients)
    span = Span(start=a.starts[start], end=a.span(start, end)[1])
    when, when_span = told_when(scene, word)
    place, place_span, inferred = event_place(
        a,
        word,
        c.type,
        a.sentences[c.word.sentence],
        scene.places,
        actors,
        recipients,
        scene.main_country,
        pack,
    )
    counts = event_counts(a, word, c.type, start, end, recipients)
    evidence = [Evidence(field="quote", span=span), Evidence(field="trigger", span=_span(a, word, word + 1))]
    evidence += [Evidence(field="actor", span=_span(a, p.start, p.end)) for p in actors]
    evidence += [Evidence(field="recipient", span=_span(a, p.start, p.end)) for p in recipients]
    evidence += [Evidence(field="when", span=when_span)] if when_span else []
    evidence += [Evidence(field="status", span=_span(a, cue, cue + 1))] if cue is not None else []
    evidence += [Evidence(field="place", span=place_span)] if place_span else []
    evidence += (
        [Evidence(field="attribution", span=attribution.span)] if attribution and attribution.span else []
    )
    return Event(
        id=EventId(make_id("event", scene.document.id, c.type, span.start, a.starts[word], recipe)),
        document=scene.document.id, type=c.type, mode=mode_of(scene, c),
        actors=_records(actors), recipients=_records(recipients),
        when=when, place=place, status=status, attribution=attribution,
        killed=counts.get("killed"), injured=counts.get("injured"),
        counts=tuple(v for k, v in sorted(counts.items()) if k not in ("killed", "injured")),
        contexts=contexts_of(scene, start, end), background=is_background(scene.document, when),
        evidence=tuple(evidence), score=round(c.score, 4), recipe=recipe, known_at=scene.document.known_at,
        reasons=(Reason(feature=f"event reader: {a.words[word]}", weight=round(c.reader_score, 3),
                        detail="rivals " + ", ".join(f"{t} {s:.2f}" for t, s in c.rivals)),
                 *(Reason(feature=f"party {p.party.actors[0].name}", weight=round(max(p.actor, p.recipient), 2),
                          detail=f"actor {p.actor:.1f} recipient {p.recipient:.1f} ({', '.join(p.features[1:])}; {p.party.via})")
                   for p in scored[:6]),
                 *([Reason(feature="place", weight=0.0, detail="inferred from who took part")] if inferred else ())),
    )  # fmt: skip


def mode_of(scene: Scene, c: Candidate) -> str | None:
    """Give the PLOVER mode that the lexicon tells for the event word, or for the noun that it carries."""
    a, k = scene.annotation, c.word.word
    carried = [j for j in scene.children[k] if a.deps[j] in ("obj", "compound:prt", "nsubj:pass")]
    for j in (k, *carried):
        pos = {"VERB": "verb", "NOUN": "noun"}.get(a.pos[j])
        for predicate in scene.pack.lexicon.look_up(a.lemmas[j].lower(), pos) if pos else ():
            if predicate.type == c.type and predicate.mode and " " not in predicate.lemma:
                return predicate.mode
    return None


def contexts_of(scene: Scene, start: int, end: int) -> tuple[str, ...]:
    """Give the PLOVER contexts whose cues stand in the quote."""
    text = " " + " ".join(w.lower() for w in scene.annotation.lemmas[start:end]) + " "
    entries = scene.pack.ontology.contexts.values()
    return tuple(sorted(e.name for e in entries if any(f" {cue.lower()} " in text for cue in e.cues)))


def is_background(document: Document, when: When | None) -> bool:
    """Tell whether an event is history told beside the news: over before the half year up to publication."""
    published = document.published
    return bool(when and published and when.latest < published.earliest - timedelta(days=183))


def _records(parties: Iterable[Party]) -> tuple[Actor, ...]:
    return tuple({actor.id: actor for p in parties for actor in p.actors}.values())


def _span(a: Annotation, start: int, end: int) -> Span:
    left, right = a.span(start, end)
    return Span(start=left, end=right)


def without_tellers(scene: Scene, c: Candidate) -> list[Scored]:
    """Give the scored parties less those that only tell of a deed: "Israel said that Hezbollah fired rockets"."""
    if c.type in SPEECH:
        return list(c.scored)
    tellers = {r.speaker for r in scene.reports if c.word.word in r.content and r.speaker is not None}
    kept = [s for s in c.scored if not tellers & set(range(s.party.start, s.party.end))]
    return kept if any(s.actor > -1.0 for s in kept) else list(c.scored)


def assign_roles(
    a: Annotation, type_: str, scored: list[Scored], cut: Thresholds
) -> tuple[list[Party], list[Party]]:
    """Give actors and recipients: the likeliest of each, with those coordinated with it; never one in both."""
    actors = [s for s in scored if probability(s.actor) >= cut.actor and s.actor >= s.recipient]
    chosen = _best_group(a, actors, lambda s: s.actor)
    names = {actor.id for p in chosen for actor in p.actors}
    rest = [s for s in scored if s.party not in chosen and not names & {actor.id for actor in s.party.actors}]
    likely = [s for s in rest if probability(s.recipient) >= cut.recipient]
    recipients = _best_group(a, likely, lambda s: s.recipient)
    if type_ in ("CONSULT", "COOPERATE"):
        return chosen + recipients, []
    return chosen, recipients


def speaker_of(scene: Scene, c: Candidate) -> list[Party]:
    """Give the speaker of quoted words that name no doer: told in the sentence, or in those around it."""
    if c.type not in SPEECH:
        return []
    here = c.word.sentence
    for report in scene.reports:
        if c.word.word in report.content and report.speaker is not None:
            return party_at(scene, report.speaker)
    near = [r for r in scene.reports if r.speaker is not None and -2 <= scene.sentence_of[r.cue] - here <= 1]
    near.sort(key=lambda r: (abs(scene.sentence_of[r.cue] - here), -r.cue))
    return next((found for r in near if (found := party_at(scene, r.speaker))), [])


_ARREST = frozenset(
    {
        "arrest",
        "detain",
        "deport",
        "search",
        "raid",
        "custody",
        "detention",
        "interrogate",
        "question",
        "seize",
        "apprehend",
    }
)
_TRIAL = frozenset(
    {
        "convict",
        "sentence",
        "jail",
        "imprison",
        "conviction",
        "fine",
        "acquit",
        "guilty",
        "bail",
        "remand",
        "trial",
    }
)


def usual_doer(scene: Scene, c: Candidate, recipients: list[Party], pack: Pack) -> list[Party]:
    """Give the doer that common knowledge fills in: police arrest, courts convict, attackers are unidentified."""
    if c.type not in ("COERCE", "ASSAULT"):
        return []
    country = next((a.country for p in recipients for a in p.actors if a.country), None) or scene.main_country
    entry = pack.countries.get(country or "")
    if entry is None:
        return []
    lemma = scene.annotation.lemmas[c.word.word].lower()
    adjective = entry.adjectives[0] if entry.adjectives else entry.name
    if c.type == "ASSAULT":
        actor = make_actor("unidentified attackers", "unnamed", entry.code, "CIV")
    elif lemma in _TRIAL:
        actor = make_actor(f"{adjective} court", "organ", entry.code, "JUD")
    elif lemma in _ARREST:
        actor = make_actor(f"{adjective} police", "organ", entry.code, "POL")
    else:
        actor = make_actor(entry.name, "state", entry.code, "GOV")
    word = c.word.word
    return [
        Party(
            start=word,
            end=word + 1,
            head=word,
            kind="organ",
            actors=(actor,),
            via="not told: who usually does it",
        )
    ]


SURE_OF_PARTY = -1.0  # log-odds at which a party counts beside the best one without being coordinated with it


def _best_group(a: Annotation, found: list[Scored], score: Callable[[Scored], float]) -> list[Party]:
    """Give the best party and those coordinated with it; a party that tells where only if there is no other."""
    told = [s for s in found if not s.party.locative] or found
    if not told:
        return []
    best = max(told, key=score)
    same = {best.party.head, *_coordinated(a, best.party.head)}
    return [
        s.party
        for s in sorted(told, key=lambda s: s.party.start)
        if s is best or s.party.head in same or score(s) >= SURE_OF_PARTY
    ]


def _coordinated(a: Annotation, head: int) -> set[int]:
    """Give the heads of the phrases coordinated with one."""
    first = head
    while a.deps[first] == "conj":
        first = a.heads[first]
    reach = range(max(0, head - 40), min(len(a), head + 40))
    return {first} | {k for k in reach if a.deps[k] == "conj" and _first_conjunct(a, k) == first}


def _first_conjunct(a: Annotation, k: int) -> int:
    while a.deps[k] == "conj" and a.heads[k] != k:
        k = a.heads[k]
    return k


def attribution_of(scene: Scene, c: Candidate, actors: tuple[Actor, ...]) -> Attribution | None:
    """Give on whose word the article tells an event; None where it asserts it itself."""
    a = scene.annotation
    report = credited_report(
        scene.reports,
        c.word.word,
        c.type,
        actors,
        a,
        scene.parties,
        scene.pack.lexicon,
        c.word.attributed,
        scene.scenery,
    )
    if report is None:
        return None
    speakers = speakers_of(report, scene.parties)
    start, end = report.cue, report.cue_end
    if report.speaker is not None:
        start, end = min(start, report.speaker_start), max(end, report.speaker_end)
    outer = next((r for r in scene.reports if report.within is not None and r.cue == report.within), None)
    chain = tuple(s.name for r in (outer, report) if r for s in speakers_of(r, scene.parties)[:1])
    return Attribution(
        speaker=speakers[0] if speakers else unnamed_sources(),
        cue=a.quote(report.cue, report.cue_end),
        stance=report.stance,
        chain=chain,
        span=_span(a, start, end),
    )


def unnamed_sources() -> Actor:
    """Give the actor that stands for sources without a name."""
    return make_actor("unnamed sources", "unnamed", None, None)


def _quote(scene: Scene, c: Candidate, parties: list[Party]) -> tuple[int, int]:
    a = scene.annotation
    start, end = a.sentences[c.word.sentence]
    while end > start + 1 and not a.words[end - 1].strip():
        end -= 1
    if end - start <= LONGEST_QUOTE:
        return start, end
    inside = [c.word.word, *(p.start for p in parties), *(p.end - 1 for p in parties)]
    left, right = max(start, min(inside)), min(end, max(inside) + 1)
    while right - left < 25 and right < end and a.words[right - 1] not in (".", ";"):
        right += 1
    if right - left > LONGEST_QUOTE:
        left, right = max(start, c.word.word - 20), min(end, c.word.word + 20)
    return left, right


NEAR_ENOUGH = 6  # edges of the parse between an event word and a time; chosen on the 30 held-out articles


def told_when(scene: Scene, word: int) -> tuple[When | None, Span | None]:
    """Give the time told nearest in the parse within the sentence, else the publication, to the month at best."""
    a = scene.annotation
    start, end = a.sentences[scene.sentence_of[word]]
    left, right = a.span(start, end)
    up = [word, *a.ancestors(word)]
    best: tuple[int, int, TimeExpression] | None = None
    for t in scene.times:
        if t.when is None or not left <= t.start < right:
            continue
        steps = _steps_to(a, _head_of(a, start, end, t), up)
        rank = (steps, abs(t.start - a.starts[word]), t)
        if steps <= NEAR_ENOUGH and (best is None or rank[:2] < best[:2]):
            best = rank
    if best is not None:
        return best[2].when, Span(start=best[2].start, end=best[2].end)
    return _published_when(scene.document), None


def _head_of(a: Annotation, start: int, end: int, t: TimeExpression) -> int:
    """Give the word of a time expression that hangs on a word outside it."""
    inside = [k for k in range(start, end) if t.start <= a.starts[k] < t.end]
    return next((k for k in inside if a.heads[k] not in inside), inside[0] if inside else start)


def _steps_to(a: Annotation, k: int, up: list[int]) -> int:
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


def _published_when(document: Document) -> When | None:
    """Give the month of publication, or its interval where that is wider: what is told undated is taken as news."""
    published = document.published
    if published is None:
        return None
    first, last = published.earliest.date(), published.latest.date()
    if first == last:
        return month_when(first.year, first.month, "published")
    return make_when(first, last, "published")


def merge_retellings(events: list[Event]) -> list[Event]:
    """Fold later tellings of an event into its fullest one, whose `also` spans they become."""
    kept: list[Event] = []
    for event in events:
        twin = next((k for k, other in enumerate(kept) if same_happening(other, event)), None)
        if twin is None:
            kept.append(event)
            continue
        first, second = sorted((kept[twin], event), key=_fullness, reverse=True)
        told = {e.span for e in first.evidence if e.field in ("quote", "also")}
        spans = [second.quote, *(e.span for e in second.evidence if e.field == "also")]
        also = tuple(Evidence(field="also", span=span) for span in spans if span not in told)
        kept[twin] = replace(first, evidence=(*first.evidence, *also))
    return kept


def _fullness(event: Event) -> tuple[int, float]:
    told = (
        bool(event.recipients)
        + (event.when is not None and event.when.basis != "published")
        + bool(event.place)
    )
    return told, event.score


RETOLD_WITHIN = 250  # characters within which a speech act is taken for the same; fitted on held-out articles


def same_happening(x: Event, y: Event) -> bool:
    """Tell whether two events of one document are one happening: type, parties, time and status agree.

    Speech acts recur, so of them only near ones are the same.
    """
    if x.type != y.type or not _names(x.actors) & _names(y.actors):
        return False
    if x.recipients and y.recipients and not _names(x.recipients) & _names(y.recipients):
        return False
    if x.type in SPEECH:
        return abs(x.quote.start - y.quote.start) < RETOLD_WITHIN
    if x.status != y.status and "happened" not in (x.status, y.status):
        return False
    return _times_fit(x.when, y.when)


def _names(actors: Sequence[Actor]) -> set[str]:
    return {a.name for a in actors}


def _times_fit(x: When | None, y: When | None) -> bool:
    if x is None or y is None:
        return True
    return x.earliest <= y.latest and y.earliest <= x.latest


def event_date(when: When | None) -> str | None:
    """Give an interval as ISO day, month or year, whichever is the finest that holds it."""
    if when is None:
        return None
    first, last = when.earliest.astimezone(UTC), when.latest.astimezone(UTC)
    if first.date() == last.date():
        return first.date().isoformat()
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.year}-{first.month:02}"
    return str(first.year) if first.year == last.year else _middle(first, last)


def _middle(first: datetime, last: datetime) -> str | None:
    middle = first + (last - first) / 2
    return f"{middle.year}-{middle.month:02}" if (last - first).days <= 31 else None
