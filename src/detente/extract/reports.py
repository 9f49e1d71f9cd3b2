"""Reports: whose word a stretch of text is given on (source, cue, content).

A cue ("said", "according to", "claim") and its source ("he", "the ministry") are proposed from the
parse and accepted by a logistic model over the cue's lemma, the path to the source and what
stands around; training/reports/fit.py fits it on marked news. Content follows from the parse and from
quotation marks. A passive without an agent, "reportedly" and its like make a report on an unnamed source's word.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from detente.engines import Annotation
from detente.engines.weights import open_weights
from detente.packs import Lexicon, ReportingVerb
from detente.records import Stance

THRESHOLD = 0.5  # where source-and-cue F1 was highest on a tenth of the training articles kept out of the fit
INNER = 0.1  # enough for a cue inside a report: the fit's data mark the outermost source only
HOPELESS = -7.0  # log-odds of a cue below which no source has ever lifted a pair over the threshold
_CLIMB = frozenset({"conj", "xcomp", "advcl", "acl", "acl:relcl", "ccomp", "parataxis", "cop", "aux", "appos", "obj", "obl",
                    "nmod", "punct", "case", "compound"})  # fmt: skip
_TOLD = ("ccomp", "xcomp", "csubj", "csubj:pass")
_SUBJECT = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj")
_BELOW = frozenset(
    {*_SUBJECT, "obl:agent", "nmod:poss", "nmod", "compound", "obl", "obj", "iobj", "det", "vocative"}
)
_CLAUSES = frozenset({"ccomp", "xcomp", "obj", "parataxis", "advcl", "obl", "iobj", "nsubj", "nsubj:pass", "mark", "acl", "nmod",
                      "csubj", "dep", "acl:relcl", "compound:prt", "aux:pass", "appos"})  # fmt: skip
_OPEN, _CLOSE = frozenset({"“", "``", "„", "«"}), frozenset({"”", "''", "»"})
_HEDGES = {"reportedly": "asserts", "allegedly": "accuses", "supposedly": "doubts", "purportedly": "doubts",
           "ostensibly": "doubts", "apparently": "asserts"}  # fmt: skip
_UNNAMED = frozenset({"source", "report", "rumour", "rumor", "reports"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A reporting frame in word numbers: the speaker's head (None: unnamed), the cue, the words reported."""

    speaker: int | None
    cue: int
    cue_end: int
    content: frozenset[int]
    stance: Stance
    score: float = 1.0  # chance that this is an attribution, 0-1
    speaker_start: int = -1  # the speaker's phrase, words
    speaker_end: int = -1
    within: int | None = None  # the cue of the report that this one is told in: nested sources
    distance: float = 0.0  # how far the article stands off, 0-1


@dataclass(frozen=True, slots=True)
class Scenery:
    """What the candidates of one document share: children, quotation, sentences, entities."""

    children: tuple[tuple[int, ...], ...]
    quoted: tuple[bool, ...]
    sentence_of: tuple[int, ...]
    entity: dict[int, str]


def set_scenery(a: Annotation) -> Scenery:
    """Give what all candidates of a document share."""
    return Scenery(
        a.children(), tuple(quoted_words(a)), tuple(k for k, (s, e) in enumerate(a.sentences) for _ in range(s, e)),
        {k: label for s, e, label in a.entities for k in range(s, e)},
    )  # fmt: skip


def quoted_words(a: Annotation) -> list[bool]:
    """Tell of each word whether it stands between quotation marks; a quote that a line leaves open ends with it."""
    inside, flags, opening = False, list[bool](), {start for start, _ in a.sentences}
    for k, word in enumerate(a.words):
        if k and k in opening and "\n" in a.text[a.starts[k - 1] : a.starts[k]]:
            inside = False
        if word in _OPEN or (word == '"' and not inside):
            inside = True
            flags.append(False)
        elif word in _CLOSE or word == '"':
            inside = False
            flags.append(False)
        else:
            flags.append(inside)
    return flags


# --- candidates and their features
def propose_pairs(a: Annotation, s: Scenery, cue: int) -> Iterator[tuple[int, str]]:
    """Give the words that may be the source of a cue, each with its path: up the tree `^`, then down `|`."""
    seen = {cue}
    for child in s.children[cue]:
        if a.deps[child] in _BELOW:
            seen.add(child)
            yield child, f"|{a.deps[child]}"
            for grandchild in s.children[child]:
                if a.deps[grandchild] in ("nmod:poss", "nmod", "appos") and a.deps[child] in (
                    "obj",
                    "nsubj",
                    "obl",
                ):
                    seen.add(grandchild)
                    yield grandchild, f"|{a.deps[child]}|{a.deps[grandchild]}"
    path, word = "", cue
    for _ in range(4):
        head, dep = a.heads[word], a.deps[word]
        if head == word or dep not in _CLIMB:
            return
        path += f"^{dep}"
        if a.pos[head] in ("NOUN", "PROPN", "PRON") and head not in seen:
            seen.add(head)
            yield head, path
        for child in s.children[head]:
            if child not in seen and (
                a.deps[child] in _SUBJECT or a.deps[child] in ("obl:agent", "nmod:poss", "obj")
            ):
                seen.add(child)
                yield child, f"{path}|{a.deps[child]}"
        word = head


def cue_features(a: Annotation, s: Scenery, k: int, lexicon: Lexicon) -> list[str]:
    """Give what is told of a possible cue whatever its source."""
    lemma, pos = a.lemmas[k].lower(), a.pos[k]
    below = {a.deps[c] for c in s.children[k]} & _CLAUSES
    start, end = a.sentences[s.sentence_of[k]]
    quoted = any(s.quoted[start:end])
    up = a.heads[k]
    told = ["bias", f"l={lemma}", f"pos={pos}", f"tag={a.tags[k]}", f"dep={a.deps[k]}", f"l,dep={lemma},{a.deps[k]}",
            f"in quote={s.quoted[k]}", f"quote={quoted}", f"l,quote={lemma},{quoted}", f"up={a.lemmas[up].lower()}",
            f"dep,up={a.deps[k]},{a.pos[up]}", f"known={lemma in lexicon.reporting}"]  # fmt: skip
    for dep in below:
        told += [f"has={dep}", f"l,has={lemma},{dep}", f"pos,has={pos},{dep}"]
    told += [f"aux={a.lemmas[c].lower()}" for c in s.children[k] if a.deps[c].startswith("aux")]
    told += [
        f"no={a.words[c].lower()}" for c in s.children[k] if a.words[c].lower() in ("not", "n't", "never")
    ]
    told += [
        f"l,prt={lemma},{a.lemmas[c].lower()}" for c in s.children[k] if a.deps[c] in ("compound:prt", "obj")
    ]
    told += [
        f"next={a.words[k + 1].lower()}" if k + 1 < end else "next=",
        f"last={a.words[k - 1].lower()}" if k > start else "last=",
    ]
    told += [f"l,next={lemma},{a.words[k + 1].lower()}"] if k + 1 < end else []
    told.append(f"clause={any(d in below for d in ('ccomp', 'xcomp', 'parataxis'))}")
    return told


def pair_features(a: Annotation, s: Scenery, k: int, source: int, path: str) -> list[str]:
    """Give what is told of a cue with its source."""
    lemma, pos, who = a.lemmas[k].lower(), a.pos[k], s.entity.get(source, a.pos[source])
    word = a.lemmas[source].lower()
    return [f"path={path}", f"pos,path={pos},{path}", f"l,path={lemma},{path}", f"who={who}", f"who,path={who},{path}",
            f"w={word}", f"after={source > k}", f"q={s.quoted[source]}", f"far={min(8, abs(source - k) // 3)}",
            f"l,who={lemma},{who}", f"comma={source > k and k > 0 and a.words[k - 1] in _COMMAS}"]  # fmt: skip


_COMMAS = (",", "”", '"', "''")


@cache
def _model() -> tuple[dict[str, float], frozenset[str]]:
    weights = open_weights("reports")
    content = json.loads(weights.path("weights.json").read_text(encoding="utf-8"))
    return content["weights"], frozenset(content["cues"])


def may_be_cue(a: Annotation, k: int, cues: frozenset[str]) -> bool:
    """Tell whether a word can be a cue at all: a verb, or another word that has been one."""
    if a.pos[k] == "AUX":
        return False  # "said that he had promised": the auxiliary tells nothing
    return a.pos[k] == "VERB" or f"{a.lemmas[k].lower()}/{a.pos[k]}" in cues


def score_pairs(a: Annotation, s: Scenery, lexicon: Lexicon) -> list[tuple[float, int, int]]:
    """Give for each possible cue its best source: (chance, cue, source), in the order of the text."""
    weights, cues = _model()
    found = []
    for k in range(len(a)):
        if not may_be_cue(a, k, cues):
            continue
        base = sum(weights.get(f, 0.0) for f in cue_features(a, s, k, lexicon))
        if base < HOPELESS:
            continue
        best = max(
            (
                (sum(weights.get(f, 0.0) for f in pair_features(a, s, k, j, path)), j)
                for j, path in propose_pairs(a, s, k)
            ),
            default=None,
        )
        if best is not None:
            found.append((1 / (1 + math.exp(-max(-30.0, min(30.0, base + best[0])))), k, best[1]))
    return found


# --- from pairs to reports
def find_reports(a: Annotation, lexicon: Lexicon, threshold: float = THRESHOLD) -> tuple[Report, ...]:
    """Give the reporting frames of a document, in the order of their cues."""
    s = set_scenery(a)
    pairs = score_pairs(a, s, lexicon)
    found = [_report(a, s, k, source, chance, lexicon) for chance, k, source in pairs if chance >= threshold]
    told = frozenset(w for r in found for w in r.content)
    found += [
        _report(a, s, k, source, chance, lexicon) for chance, k, source in pairs
        if INNER <= chance < threshold and k in told and _brings_clause(a, s, k, source, lexicon)
    ]  # fmt: skip
    taken = {r.cue for r in found}
    for make in (_unnamed, _noun_frame):
        found += [r for k in range(len(a)) if k not in taken and (r := make(a, s, k, lexicon))]
    return tuple(_nested(sorted(found, key=lambda r: r.cue)))


def _brings_clause(a: Annotation, s: Scenery, k: int, source: int, lexicon: Lexicon) -> bool:
    """Tell whether a cue that another report holds is a reporting verb with its own subject and clause."""
    deps = {a.deps[c] for c in s.children[k]}
    own = source in s.children[k] and a.deps[source] == "nsubj" and a.pos[source] in ("NOUN", "PROPN")
    return own and a.lemmas[k].lower() in lexicon.reporting and bool(deps & {"ccomp", "parataxis"})


def _report(a: Annotation, s: Scenery, k: int, source: int, chance: float, lexicon: Lexicon) -> Report:
    entry = _entry(a, k, lexicon)
    source = _quoted_person(a, s, k, source)
    start, end = _phrase(a, s, source, k)
    unnamed = a.lemmas[source].lower() in _UNNAMED and not any(
        a.pos[c] == "PROPN" for c in s.children[source]
    )
    return Report(
        speaker=None if unnamed else source, cue=k, cue_end=_cue_end(a, s, k), content=find_content(a, s, k, source),
        stance=entry.stance if entry else "asserts", score=round(chance, 4), speaker_start=start, speaker_end=end,
        distance=entry.distance if entry else 0.0,
    )  # fmt: skip


def _quoted_person(a: Annotation, s: Scenery, k: int, source: int) -> int:
    """ "An agency quoted an official as saying": of "saying" the official is the source."""
    head = a.heads[k]
    if a.tags[k] != "VBG" or a.lemmas[head].lower() not in ("quote", "cite"):
        return source
    return next((c for c in s.children[head] if a.deps[c] in ("obj", "nsubj:pass") and c < k), source)


def _entry(a: Annotation, k: int, lexicon: Lexicon) -> ReportingVerb | None:
    entries = lexicon.reporting.get(a.lemmas[k].lower(), ())
    return next((e for e in entries if " " not in e.lemma), None)


def _cue_end(a: Annotation, s: Scenery, k: int) -> int:
    follows = k + 1 < len(a) and (a.words[k].lower(), a.words[k + 1].lower()) == ("according", "to")
    particle = k + 1 < len(a) and k + 1 in s.children[k] and a.deps[k + 1] == "compound:prt"
    return k + 2 if follows or particle else k + 1


def _phrase(a: Annotation, s: Scenery, source: int, cue: int) -> tuple[int, int]:
    words = [w for w in _subtree(s.children, source) if w != cue]
    left = min((w for w in words if w <= source), default=source)
    right = source + 1
    while right in words and a.words[right] not in (",", ";", "—", "–"):
        right += 1
    return (left if cue not in range(left, source) else source), right


def _subtree(children: tuple[tuple[int, ...], ...], top: int, without: int = -1) -> Iterator[int]:
    stack = [top]
    while stack:
        k = stack.pop()
        if k != without:
            yield k
            stack.extend(children[k])


def find_content(a: Annotation, s: Scenery, k: int, source: int) -> frozenset[int]:
    """Give the words that a cue reports: its clause, or the sentence around an inserted cue, and the quote that goes on."""
    start, end = a.sentences[s.sentence_of[k]]
    spoken = set(_subtree(s.children, source, without=k))
    if a.words[k].lower() == "according":
        content = set(range(start, end)) - spoken - {k, k + 1}
    elif a.words[k] == ":":
        content = set(range(k + 1, end))
    else:
        below = [
            c
            for c in s.children[k]
            if a.deps[c] in ("ccomp", "xcomp", "parataxis", "acl", "obj", "nmod", "obl", "advcl")
            and c != source
        ]
        clause = [c for c in below if a.deps[c] in ("ccomp", "xcomp", "parataxis")] or below
        content = {w for c in clause for w in _subtree(s.children, c, without=source)}
        inserted = a.deps[k] in ("parataxis", "ccomp", "advcl") and not any(
            a.deps[c] in ("ccomp", "xcomp") for c in below
        )
        if inserted:
            content |= set(range(start, end)) - set(_subtree(s.children, k)) - spoken
    return frozenset(content - spoken - {k} | _open_quote(a, s, k, start, end))


def _open_quote(a: Annotation, s: Scenery, k: int, start: int, end: int) -> set[int]:
    """Quoted words of the sentence, and those of the sentences before and after while the quote goes on."""
    quoted = {w for w in range(start, end) if s.quoted[w]}
    if not quoted or k in quoted:
        return set()
    left, right = min(quoted), max(quoted) + 1
    while right < len(a) and (s.quoted[right] or a.words[right] in ('"', "”", "''", "“")) and right - k < 400:
        quoted |= {right} if s.quoted[right] else set()
        right += 1
    while left > 0 and s.quoted[left - 1] and k - left < 400:
        left -= 1
        quoted.add(left)
    return quoted


def _unnamed(a: Annotation, s: Scenery, k: int, lexicon: Lexicon) -> Report | None:
    """ "Reportedly", "it was reported that", "is said to": on the word of somebody unnamed."""
    word = a.words[k].lower()
    if word in _HEDGES:
        inside = frozenset(_subtree(s.children, a.heads[k])) - {k}
        return Report(speaker=None, cue=k, cue_end=k + 1, content=inside, stance=_HEDGES[word], distance=0.5)  # type: ignore[arg-type]
    entry = _entry(a, k, lexicon)
    if entry is None or a.pos[k] != "VERB" or a.tags[k] != "VBN" or s.quoted[k]:
        return None
    deps = {a.deps[c]: c for c in s.children[k]}
    if "aux:pass" not in deps or "obl:agent" in deps or not deps.keys() & set(_TOLD):
        return None
    clause = next(deps[d] for d in _TOLD if d in deps)
    content = frozenset(_subtree(s.children, clause))
    return Report(
        speaker=None,
        cue=k,
        cue_end=k + 1,
        content=content,
        stance=entry.stance,
        distance=max(0.3, entry.distance),
    )


def _noun_frame(a: Annotation, s: Scenery, k: int, lexicon: Lexicon) -> Report | None:
    """ "The claim that", "pushing a theory that": on the word of its owner, of who spreads it, or of somebody unnamed."""
    if a.pos[k] != "NOUN":
        return None
    entry = next((e for e in lexicon.reporting.get(a.lemmas[k].lower(), ()) if e.pos == "noun"), None)
    clause = next((c for c in s.children[k] if a.deps[c] in ("acl", "ccomp") and _is_that_clause(a, s, c)), None)
    if entry is None or clause is None or s.quoted[k]:
        return None
    source = _who_claims(a, s, k, lexicon)
    start, end = (-1, -1) if source is None else _phrase(a, s, source, k)
    if source is not None and a.lemmas[source].lower() in _UNNAMED:
        source = None
    return Report(
        speaker=source, cue=k, cue_end=k + 1, content=frozenset(_subtree(s.children, clause)), stance=entry.stance,
        distance=max(0.3, entry.distance), speaker_start=start, speaker_end=end,
    )  # fmt: skip


def _is_that_clause(a: Annotation, s: Scenery, clause: int) -> bool:
    below = {a.deps[c]: a.words[c].lower() for c in s.children[clause]}
    return below.get("mark") == "that" and any(dep in below for dep in _SUBJECT)


def _who_claims(a: Annotation, s: Scenery, noun: int, lexicon: Lexicon) -> int | None:
    """Give the head of who makes a claim: its owner ("his claim"), or the subject of the verb that spreads it."""
    owner = next((c for c in s.children[noun] if a.deps[c] == "nmod:poss"), None)
    verb = a.heads[noun]
    if owner is not None or a.deps[noun] != "obj" or a.pos[verb] != "VERB":
        return owner
    entry = _entry(a, verb, lexicon)
    if entry is not None and entry.stance in ("denies", "doubts"):
        return None
    for _ in range(3):  # "started pushing", "tried to spread": the subject stands above
        subject = next((c for c in s.children[verb] if a.deps[c] in _SUBJECT), None)
        if subject is not None or a.deps[verb] not in ("xcomp", "conj"):
            return subject
        verb = a.heads[verb]
    return None


def _nested(found: Sequence[Report]) -> list[Report]:
    """Tell each report in the content of another whose cue brings it in: the smallest such."""
    out = []
    for report in found:
        around = [
            r for r in found if r is not report and report.cue in r.content and r.cue not in report.content
        ]
        outer = min(around, key=lambda r: (len(r.content), r.cue), default=None)
        if outer is None:
            out.append(report)
            continue
        out.append(Report(
            speaker=report.speaker, cue=report.cue, cue_end=report.cue_end, content=report.content, stance=report.stance,
            score=report.score, speaker_start=report.speaker_start, speaker_end=report.speaker_end, within=outer.cue,
            distance=report.distance,
        ))  # fmt: skip
    return out
