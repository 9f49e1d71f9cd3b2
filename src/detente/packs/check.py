"""Checks of a pack beyond its form, and the scaffold of a new one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.errors import PackError
from detente.packs.entries import ActorEntry, Case
from detente.packs.loader import DATA, Draft, find_pack, load_pack, read_pack_folder
from detente.packs.names import normalise_name

_TEMPLATE = DATA / "packs" / "_template"
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{1,40}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend in a pack; `fatal` where the pack cannot be loaded."""

    file: str
    line: int
    message: str
    remedy: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}; {self.remedy}"


def check_pack(path: Path | str) -> list[Problem]:
    """Give what is wrong with the pack in a folder (or of a shipped name); empty means good.

    Checked: the form of every row, unknown countries and actors, dates that run backwards,
    parents that are nowhere told, cases whose names are not found.
    """
    folder = find_pack(str(path))
    try:
        draft = _draft(folder)
    except PackError as error:
        return [_fatal(folder, error)]
    problems = [*_actor_problems(draft, folder), *_place_problems(draft, folder), *_case_problems(folder)]
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def _draft(folder: Path) -> Draft:
    draft = Draft()
    world = DATA / "packs" / "world"
    if folder.resolve() != world.resolve():
        read_pack_folder(world, draft)
        draft.lines.clear()
    read_pack_folder(folder, draft)
    return draft


def _fatal(folder: Path, error: PackError) -> Problem:
    match = re.match(r"(?s)(?P<file>.+?):(?P<line>\d+): (?P<what>.*?)(?:; (?P<remedy>[^;]*))?$", str(error))
    if match is None:
        return Problem(file=str(folder), line=1, message=str(error), remedy="mend the file")
    remedy = match["remedy"] or "mend the line"
    return Problem(file=match["file"], line=int(match["line"]), message=match["what"], remedy=remedy)


def _actor_problems(draft: Draft, folder: Path) -> Iterator[Problem]:
    known = {normalise_name(text) for actor in draft.actors.values() for text in (actor.name, *actor.aliases)}
    for key, (file, line) in draft.lines.items():
        if file.parent.resolve() != folder.resolve():
            continue
        for message, remedy in _actor_faults(draft.actors[key], known):
            yield Problem(file=str(file), line=line, message=f"{key}: {message}", remedy=remedy, fatal=False)


def _actor_faults(actor: ActorEntry, known: set[str]) -> Iterator[tuple[str, str]]:
    if actor.parent and normalise_name(actor.parent) not in known:
        yield f"parent {actor.parent!r} is not an actor", "add it or correct the name"
    if actor.kind != "state" and actor.sector is None:
        yield "no sector", "give one of GOV MIL POL JUD LEG OPP REB CIV MED BUS IGO NGO"
    for since, until in [(actor.since, actor.until), *((role.since, role.until) for role in actor.roles)]:
        if since and until and until[: len(since)] < since[: len(until)]:
            yield f"ends ({until}) before it begins ({since})", "exchange or correct the dates"


def _place_problems(draft: Draft, folder: Path) -> Iterator[Problem]:
    for place in draft.places:
        if (place.latitude is None) != (place.longitude is None):
            message = f"place {place.name!r} has one coordinate only"
            yield Problem(file=str(folder), line=1, message=message, remedy="give both", fatal=False)


def _case_problems(folder: Path) -> Iterator[Problem]:
    shipped_world = folder.resolve() == (DATA / "packs" / "world").resolve()
    pack = load_pack() if shipped_world else load_pack([str(folder.resolve())])
    for case in pack.cases:
        if Path(case.file).parent.resolve() != folder.resolve():
            continue
        found = {alias.actor for match in pack.aliases.find(case.sentence) for alias in match.aliases}
        for name in _missing_names(case, found):
            message = f"the name index does not find {name!r} in the case's sentence"
            yield Problem(file=case.file, line=case.line, message=message, remedy="add an alias", fatal=False)


def _missing_names(case: Case, found: set[str]) -> Iterator[str]:
    wanted = {normalise_name(name): name for name in case.names}
    have = {normalise_name(name) for name in found}
    for form, name in wanted.items():
        if form not in have:
            yield name


def new_pack(path: Path | str, name: str) -> Path:
    """Make the folder `path/name` with commented templates and one case, and give it.

    Raises PackError where the name cannot be used or the folder is not empty.
    """
    if not _NAME.match(name):
        remedy = "use small letters, digits and hyphens, e.g. 'horn-of-africa'"
        raise PackError(f"{name!r} cannot name a pack; {remedy}")
    folder = Path(path) / name
    if folder.exists() and any(folder.iterdir()):
        raise PackError(f"{folder} is not empty; choose another name or folder")
    folder.mkdir(parents=True, exist_ok=True)
    for template in sorted(_TEMPLATE.glob("*.txt")):
        title = name.replace("-", " ").title()
        text = template.read_text(encoding="utf-8").replace("{{name}}", name).replace("{{title}}", title)
        (folder / f"{template.stem}.yml").write_text(text, encoding="utf-8")
    return folder
