"""Events: from event words to records, each field with the words that support it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from detente.engines import Annotation, Engines, EventReader, EventWord
from detente.extract.candidates import Candidate, Thresholds, find_candidates, log_odds
from detente.extract.counts import event_counts
from detente.extract.credits import SPEECH, Asked, credited_report, speakers_of
from detente.extract.parties import Party, make_actor
from detente.extract.reports import Report
from detente.extract.roles import GROUPS, NO_OPINION, PLACE, SAID_BY, Scored, fitted, probability
from detente.extract.scene import Scene, party_at, read_scene
from detente.extract.status import status_of
from detente.extract.timing import told_when
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
    cast = cast_parties(scene, pack, c, cut)
    if not cast.actors:
        return None
    actors, recipients = _records(cast.actors), _records(cast.recipients)
    attribution = attribution_of(scene, c, actors)
    opinion = dict(zip(reader.statuses, map(float, c.word.status), strict=True))
    status, cue = status_of(scene, word, c.type, opinion)
    start, end = _quote(scene, c, [*cast.actors, *cast.recipients])
    span = Span(start=a.starts[start], end=a.span(start, end)[1])
    when, when_span = told_when(scene, word)
    place, place_span, inferred = event_place(
        a, word, c.type, a.sentences[c.word.sentence], scene.places, cast.actors, cast.recipients,
        scene.main_country, pack, opinions_on_places(scene, c.word), homes_of_embassies(scene, c),
    )  # fmt: skip
    counts = event_counts(a, word, c.type, start, end, list(cast.recipients))
    told = (("when", when_span), ("status", None if cue is None else _span(a, cue, cue + 1)), ("place", place_span),
            ("attribution", attribution.span if attribution else None))  # fmt: skip
    return Event(
        id=EventId(make_id("event", scene.document.id, c.type, span.start, a.starts[word], recipe)),
        document=scene.document.id, type=c.type, mode=mode_of(scene, c), actors=actors, recipients=recipients,
        when=when, place=place, status=status, attribution=attribution,
        killed=counts.get("killed"), injured=counts.get("injured"),
        counts=tuple(v for k, v in sorted(counts.items()) if k not in ("killed", "injured")),
        contexts=contexts_of(scene, start, end), background=is_background(scene.document, when),
        evidence=(Evidence(field="quote", span=span), *cast_evidence(a, word, cast),
                  *(Evidence(field=field, span=s) for field, s in told if s)),
        score=round(c.score, 4), full_score=round(full_probability(cast.features), 4), recipe=recipe,
        known_at=scene.document.known_at, reasons=tuple(reasons_of(a, c, cast, inferred)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays which part in an event, the odds behind it, and what speaks for the reading as a whole."""

    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    scored: tuple[Scored, ...]
    features: Mapping[str, float]


def cast_parties(scene: Scene, pack: Pack, c: Candidate, cut: Thresholds) -> Cast:
    """Give the parties of a candidate: those that the odds name, else the speaker of quoted words or the usual doer."""
    scored = without_tellers(scene, c)
    told, recipients = assign_roles(scene.annotation, c.type, scored, cut)
    actors = told or speaker_of(scene, c) or usual_doer(scene, c, recipients, pack)
    return Cast(
        actors=tuple(actors), recipients=tuple(recipients), scored=tuple(scored),
        features=full_features(c, scored, told, recipients, scene),
    )  # fmt: skip


def cast_evidence(a: Annotation, word: int, cast: Cast) -> Iterator[Evidence]:
    """Give the words that name the event and its parties."""
    yield Evidence(field="trigger", span=_span(a, word, word + 1))
    for field, parties in (("actor", cast.actors), ("recipient", cast.recipients)):
        yield from (Evidence(field=field, span=_span(a, p.start, p.end)) for p in parties)


def reasons_of(a: Annotation, c: Candidate, cast: Cast, inferred: bool) -> Iterator[Reason]:
    """Give what `detente trace` tells of a reading: the reader's word, the types that lost, the odds of parties."""
    rivals = "rivals " + ", ".join(f"{name} {score:.2f}" for name, score in c.rivals)
    yield Reason(feature=f"event reader: {a.words[c.word.word]}", weight=round(c.reader_score, 3), detail=rivals)
    for s in cast.scored[:6]:
        detail = f"actor {s.actor:.1f} recipient {s.recipient:.1f} ({', '.join(s.features[1:])}; {s.party.via})"
        yield Reason(feature=f"party {s.party.actors[0].name}", weight=round(max(s.actor, s.recipient), 2), detail=detail)
    if inferred:
        yield Reason(feature="place", weight=0.0, detail="inferred from who took part")


def full_probability(features: Mapping[str, float]) -> float:
    """Give the chance that type, actors and recipients are all right."""
    weights = fitted()["full"]
    return probability(sum(weights.get(name, 0.0) * value for name, value in features.items()))


def full_features(
    c: Candidate, scored: Sequence[Scored], actors: Sequence[Party], recipients: Sequence[Party], scene: Scene
) -> dict[str, float]:
    """Name what speaks for a reading that is right as a whole: how sure the event is, and who was chosen against whom."""
    start, end = scene.annotation.sentences[c.word.sentence]
    found = {
        "bias": 1.0, "event": log_odds(c.score), f"group {GROUPS[c.type]}": 1.0, f"type {c.type}": 1.0,
        "rival": log_odds(c.rivals[0][1]) if c.rivals else -5.0, "reader": log_odds(c.reader_score),
        "further actors": float(min(3, len(actors) - 1)) if actors else 0.0,
        "further recipients": float(min(3, len(recipients) - 1)) if recipients else 0.0,
        "not happened": 1.0 - float(c.word.status[0]), "attributed": c.word.attributed,
        "parties": float(min(8, len(scene.by_sentence[c.word.sentence]))), "long sentence": float(end - start > 35),
        f"pos {scene.annotation.pos[c.word.word]}": 1.0,
        f"alone {GROUPS[c.type]}": float(len(actors) + len(recipients) == 1),
    }  # fmt: skip
    if actors:
        found |= _margins("actor", [(s.actor, s.party) for s in scored], actors, c, scene)
    else:
        found["actor filled in"] = 1.0
    if recipients:
        found |= _margins("recipient", [(s.recipient, s.party) for s in scored], recipients, c, scene)
    elif c.type not in ("CONSULT", "COOPERATE"):
        rest = [s.recipient for s in scored if s.party not in actors]
        found |= {"no recipient": 1.0, f"no recipient {GROUPS[c.type]}": 1.0, "recipient missed": max(rest, default=-5.0)}
    return {name: value for name, value in found.items() if value}


def _margins(
    role: str, odds: list[tuple[float, Party]], chosen: Sequence[Party], c: Candidate, scene: Scene
) -> dict[str, float]:
    """Name how likely the chosen parties are, and how far ahead of the best that is somebody else."""
    ids = {actor.id for p in chosen for actor in p.actors}
    best, party = max(((x, p) for x, p in odds if p in chosen), key=lambda t: t[0])
    rival = max((x for x, p in odds if not ids & {actor.id for actor in p.actors}), default=-5.0)
    return {
        f"{role} odds": best, f"{role} margin": max(-4.0, min(4.0, best - rival)), f"{role} {party.kind}": 1.0,
        f"{role} elsewhere": float(scene.sentence_of[party.head] != c.word.sentence),
        f"{role} by pack": float(party.via.startswith("pack")), f"{role} by main country": float("main country" in party.via),
    }  # fmt: skip


def homes_of_embassies(scene: Scene, c: Candidate) -> frozenset[str]:
    """Give the countries whose embassies are named in an ASSAULT's sentence: an embassy never stands in its own country."""
    if c.type != "ASSAULT":
        return frozenset()
    actors = (actor for p in scene.by_sentence[c.word.sentence] for actor in p.actors)
    return frozenset(a.country for a in actors if a.country and a.name.startswith(("Embassy of", "Consulate of")))


def opinions_on_places(scene: Scene, word: EventWord) -> dict[int, float]:
    """Give the reader's log-odds that a toponym, by its head, tells where an event took place."""
    seen = ((t.head, t.head - word.first) for t in scene.places)
    return {head: float(word.roles[k, PLACE]) for head, k in seen if 0 <= k < len(word.roles)}


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
    pooled = type_ in ("CONSULT", "COOPERATE")
    chosen = _best_group(a, actors, lambda s: s.actor, pooled)
    names = {actor.id for p in chosen for actor in p.actors}
    rest = [s for s in scored if s.party not in chosen and not names & {actor.id for actor in s.party.actors}]
    likely = [s for s in rest if probability(s.recipient) >= cut.recipient]
    recipients = _best_group(a, likely, lambda s: s.recipient)
    if pooled:
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


FAR = 4.0  # log-odds by which a party coordinated with the best one may be behind it


@dataclass(frozen=True, slots=True)
class Beside:
    """Which parties are told beside the best one: how far behind it, and how likely they must be, in log-odds."""

    behind: float
    least: float


SURE = 1.0  # log-odds from which the best party is sure; fitted, as those below, on held-out articles
BESIDE_SURE, BESIDE_UNSURE = Beside(0.7, -1.0), Beside(2.0, -2.0)
BESIDE_EQUAL = Beside(2.5, 0.0)  # equals who meet are more than one


def _best_group(
    a: Annotation, found: list[Scored], score: Callable[[Scored], float], pooled: bool = False
) -> list[Party]:
    """Give the best party, those coordinated with it, and those hardly less likely: the more, the less it is sure.

    Where parties are `pooled`, equals who meet, there is more than one in any case.

    A party that tells where counts only if there is no other.
    """
    told = [s for s in found if not s.party.locative] or found
    if not told:
        return []
    best = max(told, key=score)
    same, top = {best.party.head, *_coordinated(a, best.party.head)}, score(best)
    beside = BESIDE_UNSURE if top < SURE else BESIDE_EQUAL if pooled else BESIDE_SURE
    return [
        s.party
        for s in sorted(told, key=lambda s: s.party.start)
        if s is best
        or (s.party.head in same and score(s) >= top - FAR)
        or score(s) >= max(beside.least, top - beside.behind)
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
    sources = likely_sources(scene, c.word, actors)
    source = max((odds for odds, _ in sources), default=NO_OPINION[0])
    report = credited_report(asked_of(scene, c.word, c.type, actors), scene.pack.lexicon, c.word.attributed, source)
    if report is None:
        return None
    report, speakers = better_source(scene, report, sources)
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


def asked_of(scene: Scene, word: EventWord, type_: str, actors: Sequence[Actor]) -> Asked:
    """Give an event word as far as its credit is concerned."""
    return Asked(
        annotation=scene.annotation, scenery=scene.scenery, reports=scene.reports, parties=scene.parties,
        word=word.word, type=type_, actors=actors,
    )  # fmt: skip


SURE_SOURCE = -0.5  # log-odds from which the reader's source is taken rather than the parse's; set by hand, not fitted


def likely_sources(scene: Scene, word: EventWord, actors: tuple[Actor, ...]) -> list[tuple[float, Party]]:
    """Give the parties around an event that may be its source, with the reader's log-odds, likeliest first."""
    ids = {actor.id for actor in actors}
    found = [
        (float(word.roles[p.head - word.first, SAID_BY]), p)
        for p in scene.parties
        if 0 <= p.head - word.first < len(word.roles) and not ids & {x.id for x in p.actors}
    ]
    return sorted(found, key=lambda f: -f[0])


def better_source(
    scene: Scene, report: Report, sources: list[tuple[float, Party]]
) -> tuple[Report, tuple[Actor, ...]]:
    """Give the report whose speaker the reader believes in, if it is sure of one that speaks nearby, else the given one."""
    here = scene.sentence_of[report.cue]
    for odds, party in sources[:4]:
        if odds < SURE_SOURCE:
            break
        near = [r for r in scene.reports if abs(scene.sentence_of[r.cue] - here) <= 2 and _speaks(r, party)]
        if near:
            return min(near, key=lambda r: abs(r.cue - report.cue)), party.actors
    return report, speakers_of(report, scene.parties)


def _speaks(report: Report, party: Party) -> bool:
    if report.speaker is None:
        return False
    return party.start <= report.speaker < party.end or report.speaker_start <= party.head < report.speaker_end


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
