"""Reads packs into one `Pack`: the world first, then theatres, each adding to what came before."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from detente.errors import PackError
from detente.packs.entries import (
    ActorEntry,
    Alias,
    AliasKind,
    Case,
    CountryEntry,
    ExpectedEvent,
    Lexicon,
    Ontology,
    OutletEntry,
    PlaceEntry,
    Relation,
    Term,
    in_force,
)
from detente.packs.gazetteer import PlaceIndex
from detente.packs.language import load_lexicon, load_ontology
from detente.packs.names import NameIndex, normalise_name
from detente.packs.rows import (
    SECTORS,
    ActorRow,
    CaseRow,
    CountryRow,
    HeadRow,
    OutletRow,
    PlaceRow,
    RelationRow,
    TermRow,
    check_row,
)
from detente.packs.yamlfile import Record, Section, fail, plain, read_mapping, read_records, read_sections
from detente.records import Role

DATA = Path(__file__).resolve().parent.parent / "data"
SECTIONS = (
    "pack", "countries", "actors", "officials", "terms", "places", "sources", "relations", "cases",
)  # fmt: skip

_HOLDER = re.compile(
    r"^(?P<name>[^()\d]+?)\s*(?:\((?P<aliases>[^)]*)\))?\s+"
    r"(?P<since>\d{4}(?:-\d\d){0,2})?\.\.(?P<until>\d{4}(?:-\d\d){0,2})?$"
)
_OFFICE = re.compile(r"^(?P<office>.+?)(?:\s*\[(?P<sector>[A-Z]{3})\])?$")
_ACRONYM = re.compile(r"^(?:[A-Z]\.?){2,7}$")
_FAMILY_FIRST = frozenset({"CHN", "KOR", "PRK"})
_OFTEN_ENGLISH_FIRST = frozenset({"TWN", "HKG", "MAC"})  # David Lee, but Tsai Ing-wen
_REGNAL = re.compile(r"^[IVX]+$")
_SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr."})
_PARTICLES = frozenset(
    {"de", "da", "do", "dos", "di", "van", "von", "der", "bin", "ben", "del", "la", "le", "du"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackHead:
    """What a pack says of itself."""

    name: str
    title: str
    version: str
    about: str
    needs: tuple[str, ...]
    folder: Path


@dataclass(slots=True)
class Draft:
    """What has been read so far, while packs are still being merged."""

    countries: dict[str, CountryEntry] = field(default_factory=dict)
    actors: dict[str, ActorEntry] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    places: list[PlaceEntry] = field(default_factory=list)
    outlets: dict[str, OutletEntry] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    lines: dict[str, tuple[Path, int]] = field(default_factory=dict)  # actor key -> where it is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Everything known of the world and its theatres, ready for look-up."""

    heads: tuple[PackHead, ...]
    countries: Mapping[str, CountryEntry]  # by alpha-3
    actors: Mapping[str, ActorEntry]  # by key
    officials: Mapping[str, tuple[ActorEntry, ...]]  # alpha-3 -> who held an office there
    aliases: NameIndex
    terms: Mapping[str, Term]  # by normal form: "foreign minister", "parliament", "gunmen"
    places: PlaceIndex
    outlets: Mapping[str, OutletEntry]  # by name
    outlet_names: Mapping[str, str]  # normal form or domain -> name
    relations: tuple[Relation, ...]
    cases: tuple[Case, ...]
    lexicon: Lexicon
    ontology: Ontology
    digest: str  # of all files read: part of every recipe

    @property
    def name(self) -> str:
        """The names of the packs, joined by "+"."""
        return "+".join(head.name for head in self.heads)

    def candidates(self, name: str, day: date | None = None) -> tuple[ActorEntry, ...]:
        """Give the actors that a name may mean, those in force on `day` only where it is given."""
        found: dict[str, ActorEntry] = {}
        for alias in self.aliases.look_up(name):
            if day is None or in_force(alias.since, alias.until, day):
                found[alias.actor] = self.actors[alias.actor]
        return tuple(found.values())

    def state(self, code: str) -> ActorEntry | None:
        """Give the actor that stands for a country's government, by alpha-3 code."""
        entry = self.countries.get(code)
        return self.actors.get(entry.name) if entry else None

    def holders(self, office: str, country: str, day: date | None = None) -> tuple[ActorEntry, ...]:
        """Give who held an office of a country, on `day` or ever."""
        wanted = office.lower()
        return tuple(
            actor for actor in self.officials.get(country, ()) for role in actor.roles
            if role.office.lower() == wanted and (day is None or in_force(role.since, role.until, day))
        )  # fmt: skip

    def patron(self, key: str, day: date | None = None) -> str | None:
        """Give the patron of a proxy, from its entry or from a dated relation."""
        for relation in self.relations:
            fits = relation.subject == key and relation.kind == "proxy of"
            if fits and (day is None or in_force(relation.since, relation.until, day)):
                return relation.object
        entry = self.actors.get(key)
        return entry.parent if entry else None

    def outlet(self, name_or_url: str) -> OutletEntry | None:
        """Give the outlet of a name, a domain or a URL."""
        host = _host(name_or_url)
        while host:
            if host in self.outlet_names:
                return self.outlets[self.outlet_names[host]]
            _, _, host = host.partition(".")
        name = self.outlet_names.get(normalise_name(name_or_url))
        return self.outlets[name] if name else None


def _host(name_or_url: str) -> str:
    host = re.sub(r"^[a-z]+://", "", name_or_url.strip().lower()).split("/")[0].split(":")[0]
    return host if "." in host and " " not in host else ""


def find_pack(name: str, folders: Sequence[Path] = ()) -> Path:
    """Give the folder of a pack by name: in `folders`, as a path, or among those shipped."""
    tried = [Path(folder) / name for folder in folders] + [Path(name), DATA / "packs" / name]
    for folder in tried:
        if folder.is_dir() and any(folder.glob("*.yml")):
            return folder
    known = ", ".join(shipped_packs())
    raise PackError(
        f"no pack named {name!r}; shipped packs are {known}: name one of them or a folder of YAML files"
    )


def shipped_packs() -> tuple[str, ...]:
    """Give the names of the packs that come with détente."""
    return tuple(sorted(folder.name for folder in (DATA / "packs").iterdir() if any(folder.glob("*.yml"))))


def load_pack(names: Sequence[str] = (), folders: Sequence[Path | str] = ()) -> Pack:
    """Read the world pack and the named theatres into one `Pack`.

    A theatre that repeats an actor or a place of the world adds to it. Raises PackError with
    file, line and remedy where a file is wrong. About 0.3 s; keep the result.
    """
    wanted = tuple(dict.fromkeys(("world", *names)))
    where = tuple(find_pack(name, [Path(each) for each in folders]) for name in wanted)
    return _load(where, tuple(_stamp(folder) for folder in where))


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Give what changes when a file of the folder changes, so that a cached pack is never stale."""
    files = sorted(folder.glob("*.yml"))
    return tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)


@cache
def _load(folders: tuple[Path, ...], _stamps: tuple[object, ...]) -> Pack:
    draft = Draft()
    digest = hashlib.sha256()
    heads = []
    for folder in folders:
        heads.append(read_pack_folder(folder, draft))
        for file in sorted(folder.glob("*.yml")):
            digest.update(file.read_bytes())
    ontology, lexicon = load_ontology(DATA / "ontology"), load_lexicon(DATA / "ontology")
    for file in sorted((DATA / "ontology").glob("*.yml")):
        digest.update(file.read_bytes())
    return Pack(
        heads=tuple(heads), countries=draft.countries, actors=draft.actors,
        officials=_officials(draft.actors.values()), aliases=NameIndex(_all_aliases(draft)),
        terms=draft.terms, places=PlaceIndex(draft.places, DATA), outlets=draft.outlets,
        outlet_names=_outlet_names(draft.outlets.values()), relations=tuple(draft.relations),
        cases=tuple(draft.cases), lexicon=lexicon, ontology=ontology, digest=digest.hexdigest()[:20],
    )  # fmt: skip


def read_pack_folder(folder: Path, draft: Draft) -> PackHead:
    """Read every file of one pack into the draft and give its head."""
    sections = [section for file in sorted(folder.glob("*.yml")) for section in read_sections(file)]
    head = _head(folder, sections)
    for key in SECTIONS[1:]:  # countries first: all else leans on them
        for section in sections:
            if section.key == key:
                _READERS[key](section, head.name, draft)
    for section in sections:
        if section.key not in SECTIONS:
            remedy = f"use one of: {', '.join(SECTIONS)}"
            raise fail(section.file, section.line, f"unknown section '{section.key}'", remedy)
    return head


def _head(folder: Path, sections: Iterable[Section]) -> PackHead:
    found = [section for section in sections if section.key == "pack"]
    if len(found) != 1:
        what = "no 'pack:' section" if not found else "more than one 'pack:' section"
        raise fail(folder / "pack.yml", 1, what, "give it once, with name and title")
    section = found[0]
    record = Record(file=section.file, line=section.line, values=plain(section.node) or {})
    row = check_row(HeadRow, record)
    return PackHead(
        name=row.name, title=row.title, version=row.version, about=row.about, needs=row.needs, folder=folder
    )


def _read_countries(section: Section, pack: str, draft: Draft) -> None:
    for record in read_records(section):
        row = check_row(CountryRow, record)
        if not row.people:
            row = row.model_copy(update={"people": _plural_people(row.adjectives)})
        draft.countries[row.code] = CountryEntry(pack=pack, **row.model_dump())
        draft.actors[row.name] = ActorEntry(
            key=row.name, name=row.name, kind="state", country=row.code, sector="GOV", pack=pack
        )
        draft.lines[row.name] = (record.file, record.line)


def _plural_people(adjectives: tuple[str, ...]) -> tuple[str, ...]:
    """Give "Iranians" for "Iranian", "Iraqis" for "Iraqi"; other endings make no plural of their own."""
    return tuple(f"{adjective}s" for adjective in adjectives[:1] if adjective[-1] in "ni")


def _read_actors(section: Section, pack: str, draft: Draft) -> None:
    for record in read_records(section):
        row = check_row(ActorRow, record)
        _known_country(row.country, record, draft)
        roles: tuple[Role, ...] = ()
        if row.office:
            roles = (Role(office=row.office, country=row.country, since=row.since, until=row.until),)
        entry = ActorEntry(
            key=row.name, name=row.name, kind=row.kind, country=row.country, sector=row.sector,
            parent=row.parent, aliases=row.aliases, roles=roles,
            since=None if row.office else row.since, until=None if row.office else row.until, pack=pack,
        )  # fmt: skip
        _add_actor(entry, record, draft)


def _known_country(code: str | None, record: Record, draft: Draft) -> None:
    if code is not None and code not in draft.countries:
        remedy = "use an ISO 3166-1 alpha-3 code of the world pack"
        raise fail(record.file, record.line, f"unknown country {code!r}", remedy)


def _add_actor(entry: ActorEntry, record: Record, draft: Draft) -> None:
    known = draft.actors.get(entry.name)
    if known is not None and known.country != entry.country and not _same_person(known, entry):
        entry = replace(entry, key=f"{entry.name} [{entry.country or 'world'}]")
        known = draft.actors.get(entry.key)
    draft.actors[entry.key] = entry if known is None else _merged(known, entry)
    draft.lines.setdefault(entry.key, (record.file, record.line))


def _same_person(known: ActorEntry, entry: ActorEntry) -> bool:
    """A person may serve a state and then an organisation: one entry, two roles."""
    return known.kind == entry.kind == "person" and None in (known.country, entry.country)


def _merged(known: ActorEntry, entry: ActorEntry) -> ActorEntry:
    return replace(
        known,
        country=known.country or entry.country,
        sector=entry.sector if entry.pack != known.pack and entry.sector else known.sector,
        parent=entry.parent or known.parent,
        aliases=tuple(dict.fromkeys(known.aliases + entry.aliases)),
        roles=tuple(dict.fromkeys(known.roles + entry.roles)),
    )


def _read_officials(section: Section, pack: str, draft: Draft) -> None:
    for country, (line, offices) in read_mapping(section).items():
        record = Record(file=section.file, line=line, values={})
        code = None if country == "world" else country
        _known_country(code, record, draft)
        inner = Section(file=section.file, key=country, line=line, node=offices)
        for office, (office_line, node) in read_mapping(inner).items():
            at = Record(file=section.file, line=office_line, values={})
            for entry in _holders(office, str(plain(node) or ""), code, pack, at):
                _add_actor(entry, at, draft)


def _holders(office: str, text: str, country: str | None, pack: str, at: Record) -> Iterator[ActorEntry]:
    """Read "Name (alias, alias) 2013-08..2021-08; Name 2021-08.."."""
    told = _OFFICE.match(office)
    title, sector = (told["office"], told["sector"]) if told else (office, None)
    if sector is not None and sector not in SECTORS:
        raise fail(at.file, at.line, f"unknown sector {sector!r}", f"use one of {', '.join(SECTORS)}")
    for part in filter(None, (each.strip() for each in text.replace("\n", " ").split(";"))):
        match = _HOLDER.match(part)
        if match is None:
            raise fail(
                at.file, at.line, f"cannot read {part!r}", "write 'Name (alias, alias) 2013-08..2021-08'"
            )
        aliases = tuple(each.strip() for each in (match["aliases"] or "").split(",") if each.strip())
        role = Role(office=title, country=country, since=match["since"], until=match["until"])
        name = match["name"].strip()
        yield ActorEntry(
            key=name, name=name, kind="person", country=country, aliases=aliases, roles=(role,), pack=pack,
            sector=sector or ("GOV" if country else "IGO"),  # type: ignore[arg-type]
        )  # fmt: skip


def _read_terms(section: Section, _pack: str, draft: Draft) -> None:
    for record in read_records(section):
        row = check_row(TermRow, record)
        for text in (row.text, *row.also):
            draft.terms[normalise_name(text)] = Term(
                text=text, kind=row.kind, sector=row.sector, plural=row.plural, unnamed=row.unnamed,
                form=row.form or f"{{adjective}} {row.text}",
            )  # fmt: skip


def _read_places(section: Section, pack: str, draft: Draft) -> None:
    for record in read_records(section):
        row = check_row(PlaceRow, record)
        _known_country(row.country, record, draft)
        draft.places.append(PlaceEntry(pack=pack, **row.model_dump()))


def _read_sources(section: Section, pack: str, draft: Draft) -> None:
    for record in read_records(section):
        row = check_row(OutletRow, record)
        _known_country(row.country, record, draft)
        draft.outlets[row.name] = OutletEntry(pack=pack, **row.model_dump())
        _add_actor(_outlet_actor(row, pack), record, draft)


def _outlet_actor(row: OutletRow, pack: str) -> ActorEntry:
    """Give the outlet as an actor whose word is reported; a name that is a common word is left out."""
    aliases = tuple(text for text in row.aliases if not row.common or " " in text)
    name = f"{row.name} (outlet)" if row.common and " " not in row.name.removeprefix("The ") else row.name
    return ActorEntry(
        key=name, name=name, kind="outlet", country=row.country, sector="MED", aliases=aliases, pack=pack
    )


def _read_relations(section: Section, pack: str, draft: Draft) -> None:
    for record in read_records(section):
        row = check_row(RelationRow, record)
        for name in (row.subject, row.object):
            if name not in draft.actors:
                remedy = "add it under 'actors' or use the name as it stands there"
                raise fail(record.file, record.line, f"unknown actor {name!r} in a relation", remedy)
        draft.relations.append(Relation(pack=pack, **row.model_dump()))


def _read_cases(section: Section, pack: str, draft: Draft) -> None:
    for record in read_records(section):
        row = check_row(CaseRow, record)
        events = tuple(ExpectedEvent(**event.model_dump()) for event in row.events)
        draft.cases.append(
            Case(sentence=row.sentence, published=row.published, events=events, names=row.names,
                 pack=pack, file=str(record.file), line=record.line)
        )  # fmt: skip


_READERS: Mapping[str, Callable[[Section, str, Draft], None]] = {
    "countries": _read_countries,
    "actors": _read_actors,
    "officials": _read_officials,
    "terms": _read_terms,
    "places": _read_places,
    "sources": _read_sources,
    "relations": _read_relations,
    "cases": _read_cases,
}


def _all_aliases(draft: Draft) -> Iterator[Alias]:
    """Give every alias once for each actor and kind."""
    seen: set[tuple[str, str, str]] = set()
    for alias in _every_alias(draft):
        mark = (normalise_name(alias.text), alias.actor, alias.kind)
        if mark not in seen:
            seen.add(mark)
            yield alias


def _every_alias(draft: Draft) -> Iterator[Alias]:
    for country in draft.countries.values():
        yield from _country_aliases(country)
    for actor in draft.actors.values():
        if actor.kind != "state":
            yield from _actor_aliases(actor)
        else:
            yield from _aliases(actor, actor.aliases, "alias")


def _country_aliases(country: CountryEntry) -> Iterator[Alias]:
    kinds: tuple[tuple[AliasKind, tuple[str, ...]], ...] = (
        ("name", (country.name, *country.names)), ("adjective", country.adjectives),
        ("people", country.people), ("capital", country.capitals), ("seat", country.seats),
    )  # fmt: skip
    for kind, texts in kinds:
        for text in texts:
            written: AliasKind = "acronym" if kind == "name" and _ACRONYM.match(text) else kind
            yield Alias(text=text, actor=country.name, kind=written)


def _actor_aliases(actor: ActorEntry) -> Iterator[Alias]:
    yield from _aliases(actor, (actor.name,), "name")
    yield from _aliases(actor, actor.aliases, "alias")
    if actor.kind == "person":
        known = {normalise_name(text) for text in (actor.name, *actor.aliases)}
        surnames = (text for text in find_surnames(actor) if normalise_name(text) not in known)
        yield from _aliases(actor, tuple(dict.fromkeys(surnames)), "surname")


def _aliases(actor: ActorEntry, texts: tuple[str, ...], kind: AliasKind) -> Iterator[Alias]:
    for text in texts:
        single = actor.kind == "person" and " " not in text and kind == "alias"
        written: AliasKind = "surname" if single else "acronym" if _ACRONYM.match(text) else kind
        yield Alias(text=text, actor=actor.key, kind=written, since=actor.since, until=actor.until)


def find_surnames(actor: ActorEntry) -> tuple[str, ...]:
    """Give the short forms by which a person is named after the first mention.

    Chinese and Korean names put the family name first; particles stay with it ("de Mistura"),
    and an Arabic article may fall away ("al-Assad", "Assad").
    """
    words = [word for word in actor.name.split() if word not in _SUFFIXES]
    if len(words) < 2 or _REGNAL.match(words[-1]):
        return ()
    hyphened = actor.country in _OFTEN_ENGLISH_FIRST and "-" in words[-1]
    if actor.country in _FAMILY_FIRST or hyphened:
        return (words[0],)
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    last = words[-1]
    bare = re.sub(r"^(?:al|el|ul|as|ash|ad)-(?=[A-Z])", "", last)
    return tuple(dict.fromkeys((" ".join(words[start:]), last, bare)))


def _officials(actors: Iterable[ActorEntry]) -> dict[str, tuple[ActorEntry, ...]]:
    lists: dict[str, list[ActorEntry]] = {}
    for actor in actors:
        for country in {role.country for role in actor.roles if role.country}:
            lists.setdefault(country, []).append(actor)
    return {country: tuple(each) for country, each in lists.items()}


def _outlet_names(outlets: Iterable[OutletEntry]) -> dict[str, str]:
    """Give the names and domains of outlets; of two that share one, the later pack's: it knows its theatre."""
    found: dict[str, OutletEntry] = {}
    for outlet in outlets:
        keys = (*map(normalise_name, (outlet.name, *outlet.aliases)), *(domain.lower() for domain in outlet.domains))
        for key in keys:
            if key not in found or found[key].pack != outlet.pack:
                found[key] = outlet
    return {key: outlet.name for key, outlet in found.items()}
