"""One name, one kind: mentions of a name in one text agree on their label, and none is passed over."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from detente.engines.annotation import Entity

_NAMED = frozenset({"PERSON", "ORG", "PLACE", "GROUP", "OTHER"})
_SOUGHT = _NAMED - {"OTHER"}


def agree(words: Sequence[str], entities: Iterable[Entity]) -> list[Entity]:
    """The entities, those of the same words with the label that most of them have.

    A single word that ends a person's full name in the same text is that person, unless it is
    oftener something else. Where the same words stand unmarked elsewhere in the text, they are
    marked too. What both give is told in training/annotator/README.md.
    """
    found = list(entities)
    votes = _votes(words, found)
    agreed = [
        entity._replace(label=votes[_name(words, entity)].most_common(1)[0][0])
        if entity.label in _NAMED
        else entity
        for entity in found
    ]
    return sorted([*agreed, *_passed_over(words, agreed)])


def _passed_over(words: Sequence[str], entities: Sequence[Entity]) -> Iterator[Entity]:
    """Unmarked mentions of names that are marked elsewhere; the longest name that fits."""
    names = {
        _name(words, e): e.label for e in entities if e.label in _SOUGHT and words[e.start][:1].isupper()
    }
    longest = defaultdict[str, int](int)
    for name in names:
        longest[name[0]] = max(longest[name[0]], len(name))
    free = [True] * len(words)
    for entity in entities:
        free[entity.start : entity.end] = [False] * (entity.end - entity.start)
    end = 0
    for start, word in enumerate(words):
        if start < end or not free[start] or word not in longest:
            continue
        for size in range(longest[word], 0, -1):
            label = names.get(tuple(words[start : start + size]))
            if label and all(free[start : start + size]):
                end = start + size
                yield Entity(start, end, label)
                break


def _name(words: Sequence[str], entity: Entity) -> tuple[str, ...]:
    return tuple(words[entity.start : entity.end])


def _votes(words: Sequence[str], entities: Iterable[Entity]) -> dict[tuple[str, ...], Counter[str]]:
    votes: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for entity in entities:
        if entity.label in _NAMED:
            name = _name(words, entity)
            votes[name][entity.label] += 1
            if entity.label == "PERSON" and len(name) > 1:
                votes[name[-1:]]["PERSON"] += 1
    return votes
