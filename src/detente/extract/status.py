"""Status: whether an event happened, is planned, possible, was attempted, or is said not to have happened.

The event reader has an opinion; the words around the event (auxiliaries, governing verbs, conjunctions) may overrule it
where it is not sure. The cues are those of the lexicon.
"""

from collections.abc import Iterator

from detente.extract.scene import Scene
from detente.packs import StatusCue
from detente.records import Status

SURE = 0.85  # reader's chance of "happened" above which no cue is heard, but for attempts; fitted on held-out articles
DENYING = frozenset({"deny", "refute", "disavow"})  # what stands under these is said not to have happened
_GOVERNED = {
    "xcomp": ("complement",), "ccomp": ("complement",), "advcl": ("complement",), "obj": ("complement",),
    "nsubj:pass": ("complement",), "obl": ("complement",), "acl": ("noun",), "nmod": ("noun",), "acl:to": ("noun",),
}  # fmt: skip


def find_cues(scene: Scene, word: int) -> Iterator[tuple[StatusCue, int]]:
    """Give the cues that reach an event word, nearest first, with the word that is the cue."""
    a = scene.annotation
    for child in scene.children[word]:
        for cue in _cues(scene, child):
            if cue.reach in ("modifier", "subordinate") and a.deps[child].split(":")[0] in (
                "aux",
                "advmod",
                "amod",
                "mark",
                "det",
            ):
                yield cue, child
    k = word
    for _ in range(2):
        up, dep = a.heads[k], a.deps[k]
        if up == k:
            return
        for cue in _cues(scene, up):
            if cue.reach in _GOVERNED.get(dep, ()):
                yield cue, up
        if dep not in ("xcomp", "conj", "obj", "nmod", "obl", "acl"):
            return
        k = up


def _cues(scene: Scene, k: int) -> tuple[StatusCue, ...]:
    lemma = scene.annotation.lemmas[k].lower()
    return tuple(c for c in scene.pack.lexicon.status_cues.get(lemma, ()) if c.lemma == lemma)


def status_of(scene: Scene, word: int, type_: str, opinion: dict[str, float]) -> tuple[Status, int | None]:
    """Give the status of an event and the cue word that told it, if one did; `opinion` is the reader's."""
    best = max(opinion, key=lambda s: opinion[s])
    for cue, at in find_cues(scene, word):
        if cue.status in ("generic", "happened"):
            continue
        if cue.lemma in DENYING and type_ != "REJECT":
            return "denied", at
        if cue.status == "denied" and (type_ == "REJECT" or opinion["denied"] < 0.05):
            continue
        if cue.status == "attempted" or opinion["happened"] < SURE:
            return cue.status, at  # type: ignore[return-value]
    return best, None  # type: ignore[return-value]
