"""The lemma table and the endings, counted in the treebanks."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from training.annotator.corpora import Document

from detente.engines.lemmas import Lemmatizer, edit_between

_LONGEST = 6
_CLOSED = frozenset(
    {"PRP", "PRP$", "DT", "WP", "WP$", "MD", "EX", "TO", "WDT", "PDT", "CC", "IN", "POS", "WRB", "RP"}
)
_NEWS_VERBS = (
    "cede secede concede accede recede precede intercede flee free decree raze ram lob quell repel "
    "expel compel wage siege besiege torch maim behead impale strafe shell rape loot oust topple usurp "
    "coerce accuse abuse defuse refuse diffuse enforce reinforce pierce sever evade invade impede lodge "
    "dislodge pledge allege budge purge surge urge forge merge emerge converge diverge enrage outrage "
    "besmirch bar spar scar ban plan gun trap kidnap nab jab stab grab rob mob stem slam cram jam ramp "
    "hone clone drone bribe probe prosecute persecute execute refute dispute confute mute cite incite "
    "recite excite ignite unite reunite smite mine mobilise demobilise mobilize demobilize hijack "
    "ransack sack airlift shoot overshoot overthrow slay"
)
_IRREGULAR = {
    "VBD fled": "flee", "VBN fled": "flee", "VBN slain": "slay", "VBD slew": "slay",
    "VBD strove": "strive", "VBN striven": "strive", "VBD forbade": "forbid", "VBN forbidden": "forbid",
    "VBD foresaw": "foresee", "VBN foreseen": "foresee", "VBD overthrew": "overthrow",
    "VBN overthrown": "overthrow", "VBD overran": "overrun", "VBD withstood": "withstand",
    "VBN withstood": "withstand", "VBD forsook": "forsake", "VBN forsaken": "forsake",
    "VBD smote": "smite", "VBN smitten": "smite", "VBD bled": "bleed", "VBN bled": "bleed",
    "VBD bade": "bid", "VBD mistook": "mistake", "VBN mistaken": "mistake", "VBD swore": "swear",
    "VBN sworn": "swear", "VBD tore": "tear", "VBN torn": "tear", "VBD outran": "outrun",
    "VBD retook": "retake", "VBN retaken": "retake", "VBD undid": "undo", "VBN undone": "undo",
    "VBD foreswore": "foreswear", "VBD reneged": "renege", "VBN reneged": "renege", "VBD shed": "shed",
    "VBN shed": "shed",
}  # fmt: skip
"""What the treebanks are too small to show: verbs that news uses and whose forms endings mislead."""


def count_lemmas(documents: Sequence[Document], words: Iterable[str]) -> dict[str, Any]:
    """What a `Lemmatizer` needs; `words` are further forms that exist, to tell hoped from hopped."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sentence in (s for document in documents for s in document):
        for word, tag, lemma in zip(sentence.words, sentence.tags or (), sentence.lemmas or (), strict=True):
            if tag != "NNP":
                seen[tag, word.lower().replace("’", "'")][lemma] += 1
    best = {key: lemmas.most_common(1)[0][0] for key, lemmas in seen.items()}
    known = {lemma for (tag, _), lemma in best.items() if not tag.startswith("NNP")}
    known |= {*words, *_NEWS_VERBS.split()}
    endings = _count_endings(best)
    bare = Lemmatizer({"table": {}, "endings": endings, "known": known})
    table = {
        f"{tag} {form}": lemma
        for (tag, form), lemma in sorted(best.items())
        if bare.lemma(form, tag) != lemma and (tag in _CLOSED or _plausible(form, lemma, seen[tag, form]))
    }
    table |= {key: lemma for key, lemma in _IRREGULAR.items() if tuple(key.split()) not in best}
    return {"table": table, "endings": endings, "known": sorted(known)}


def _plausible(form: str, lemma: str, lemmas: Counter[str]) -> bool:
    """Single oddities (misspellings that were put right) teach nothing about other texts."""
    return lemmas[lemma] > 1 or edit_between(form, lemma)[0] <= len(form)


def _count_endings(best: dict[tuple[str, str], str]) -> dict[str, list[list[Any]]]:
    counts: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    for (tag, form), lemma in best.items():
        if not form.isascii() or tag.startswith("NNP"):
            continue
        edit = edit_between(form, lemma)
        for size in range(1, min(_LONGEST, len(form) - 1) + 1):
            if edit[0] <= size:
                counts[f"{tag} {form[-size:]}"][edit] += 1
    return {
        key: kept for key, edits in sorted(counts.items()) if (kept := _kept(edits)) and _says_something(kept)
    }


def _kept(edits: Counter[tuple[int, str]]) -> list[list[Any]]:
    total = sum(edits.values())
    return [[cut, add] for (cut, add), n in edits.most_common(3) if n > 1 and n >= 0.05 * total]


def _says_something(kept: list[list[Any]]) -> bool:
    return kept != [[0, ""]]
