"""Parties: every word or phrase of a document that may act or be acted upon, and who that is.

A party is found by a known name (pack), by an entity of the annotator, by a common noun that makes an
actor ("Turkey's parliament", "two Iranian truck drivers"), or as a pronoun or description that
stands for an earlier one. Unknown names are kept as found, with what their words tell.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from detente.engines import Annotation
from detente.extract.reports import Report
from detente.packs import ActorEntry, Alias, NameMatch, Pack, Term, in_force, normalise_name
from detente.records import Actor, ActorId, Sector, make_id

Kind = Literal["name", "person", "organ", "office", "people", "group", "nation", "pronoun", "place"]

SECTOR_WORDS: tuple[tuple[Sector, str], ...] = (
    ("JUD", r"court|tribunal|judge|justice|magistrate|judiciary"),
    ("POL", r"police|constabulary|interpol|intelligence|anti-?\s?(?:corruption|terrorism|narcotics)|narcotics|prosecutors?|prosecution|security service|border guards?|coast guard|customs|detective|investigation bureau|bureau of investigation"),
    ("MIL", r"army|navy|air force|armed forces|military|troops|marines|battalion|brigade|regiment|defen[cs]e forces?"),
    ("LEG", r"parliament|congress|senate|senators?|assembly|legislat\w*|house of|knesset|duma|lawmakers?|lawmaker|mps?|congress(?:man|woman|men)"),
    ("GOV", r"ministry|minister|government|department|bureau|directorate|board|secretariat|inspectorate|ombudsman|comptroller|treasury|state assembly|taskforce|task force|embassy|president|chancellor|cabinet|secretary|agency|authority|commission|council|mayor|governor|municipality|administration|office|ambassador|consulate|diplomats?|premier|official"),
    ("OPP", r"party|opposition|alliance|coalition|front|activists?|congress party|movement|liga|partido|parti"),
    ("MED", r"news|times|post|herald|tribune|daily|tv|television|radio|broadcasting|press|newspaper|journalists?|reporters?|editor"),
    ("NGO", r"association|foundation|union|federation|amnesty|watch|society|institute|university|school|red cross|red crescent|charity|committee|centre|center|church|league"),
    ("BUS", r"bank|inc|corp|corporation|company|ltd|group|airlines?|airways|holdings|industries|oil|motors?|ceo|businessm[ae]n|exchange"),
    ("REB", r"militants?|rebels?|insurgents?|guerrillas?|terrorists?|militia|jihadists?|gunmen|brigades|liberation army|cartel|gang"),
)  # fmt: skip
_SECTORS = tuple((sector, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for sector, words in SECTOR_WORDS)
_TITLE = re.compile(r"^(?:mr|mrs|ms|dr|sir|lord|lady|sheikh|prof|professor|rev|justice)\.?$", re.IGNORECASE)
_WORLDWIDE = re.compile(
    r"\b(?:International|World|Global|United|European|African|Asian|Arab|Islamic|Inter-American)\b"
)
_LOCATIVE = frozenset(
    {"in", "at", "near", "from", "to", "into", "across", "outside", "inside", "around", "through", "via"}
)
_SINGULAR = frozenset({"he", "she", "him", "her", "himself", "herself", "his"})
_PLURAL = frozenset({"they", "them", "themselves", "their"})
_NEUTER = frozenset({"it", "itself", "its"})
_FIRST = frozenset({"we", "us", "our", "ours", "ourselves", "i", "me", "my", "myself"})
_MEN, _WOMEN = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
_MAN = re.compile(r"^(?:mr|sir|lord|king|prince|sheikh|father|brother)\.?$", re.IGNORECASE)
_WOMAN = re.compile(r"^(?:mrs|ms|miss|mme|lady|queen|princess|dame|madam|sister)\.?$", re.IGNORECASE)
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both", "its", "their", "his", "her"})
_NOUNS = frozenset({"NOUN", "PROPN", "ADJ"})
_BOTH = re.compile(r"^(?:both|two)$", re.IGNORECASE)
_SIDES = frozenset({"side", "country", "nation", "neighbour", "neighbor", "leader", "president", "minister", "state",
                    "party", "government", "counterpart"})  # fmt: skip
_DESCRIPTION = {
    "country": "nation", "nation": "nation", "state": "nation", "republic": "nation", "regime": "nation", "kingdom": "nation",
    "group": "group", "organisation": "group", "organization": "group", "movement": "group", "party": "group",
    "company": "group", "firm": "group", "agency": "group", "body": "group", "union": "group", "bloc": "group",
    "alliance": "group", "ministry": "group", "committee": "group", "militia": "group",
    "man": "person", "woman": "person", "leader": "person", "politician": "person", "suspect": "person",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A phrase that names a party: words `start` to `end` (half-open), their head, and who it is."""

    start: int
    end: int
    head: int
    kind: Kind
    actors: tuple[Actor, ...]  # two for "both countries"
    plural: bool = False
    locative: bool = False  # a country or capital that here rather tells where
    rivals: tuple[str, ...] = ()  # names of the losers of the disambiguation
    via: str = ""  # how it was found: alias, entity, term, or what a pronoun stands for


def make_actor(
    name: str, kind: str, country: str | None, sector: Sector | None, parent: str | None = None
) -> Actor:
    """Give an actor record; the same words about the same country are the same actor."""
    actor_id = ActorId(make_id("actor", normalise_name(name), country))
    return Actor(id=actor_id, name=name, kind=kind, country=country, sector=sector, parent=parent)


def entry_actor(entry: ActorEntry, on: date | None) -> Actor:
    """Give the actor of a pack entry with its roles on the day."""
    roles = entry.offices_on(on) if on else entry.roles
    actor = make_actor(entry.name, entry.kind, entry.country, entry.sector, entry.parent)
    return replace(actor, roles=tuple(roles))


def _by_name_parts(parties: Iterable[Party]) -> dict[str, Actor]:
    """Give the persons of a document by each part of their full names that only one of them bears, first and last ahead."""
    full: dict[str, Actor] = {}
    for party in parties:
        name = normalise_name(party.actors[0].name)
        if party.kind == "person" and " " in name and party.end - party.start > 1:
            full.setdefault(name, party.actors[0])
    known: dict[str, Actor] = {}
    for name, actor in full.items():
        parts = name.split(" ")
        known.setdefault(parts[-1], actor)
        known.setdefault(parts[0], actor)
    bearers = Counter(part for name in full for part in set(name.split(" ")))
    for name, actor in full.items():
        for part in name.split(" "):
            if bearers[part] == 1 and len(part) > 3:
                known.setdefault(part, actor)
    return known


def _initials(name: str) -> str:
    """Give the acronym that a name of several words may have, or a name of one word in small letters."""
    words = [w for w in re.findall(r"[^\W\d_]+", name) if w[0].isupper()]
    return "".join(w[0] for w in words).lower() if len(words) > 1 else name.lower()


def sector_of(words: str) -> Sector | None:
    """Guess the sector from the words of a name or title."""
    return next((sector for sector, pattern in _SECTORS if pattern.search(words)), None)


class PartyFinder:
    """Finds the parties of one annotated document."""

    def __init__(self, annotation: Annotation, pack: Pack, on: date | None) -> None:
        self.a, self.pack, self.on = annotation, pack, on
        self.children = annotation.children()
        self.word_at = {start: k for k, start in enumerate(annotation.starts)}
        self.owner: dict[int, Party] = {}
        self.country_count: Counter[str] = Counter()
        self.main_country: str | None = None
        self.full_names = {
            normalise_name(annotation.quote(s, e))
            for s, e, x in annotation.entities
            if x == "PERSON" and e - s > 1
        }
        self.surnames: dict[str, set[str]] = {}
        for name in self.full_names:
            for part in (name.split(" ")[0], name.split(" ")[-1]):
                self.surnames.setdefault(part, set()).add(name)
        self.sentence_of = [k for k, (s, e) in enumerate(annotation.sentences) for _ in range(s, e)]
        self.genders: dict[ActorId, str] = {}

    def find(self, reports: Sequence[Report] = ()) -> tuple[Party, ...]:
        """Give all parties in the order of the text; "we" and "I" are the speaker of the report that they stand in."""
        self._named()
        self._entities()
        self.main_country = self._dominant()
        self._terms()
        parties = self._merged()
        parties = self._same_names(parties)
        self.genders = self._find_genders(parties)
        found = self._resolved(parties)
        return tuple(sorted([*found, *self._speakers_selves(found, reports)], key=lambda p: (p.start, p.end)))

    # --- names of the pack
    def _named(self) -> None:
        matches = [
            m for m in self.pack.aliases.find(self.a.text) if self._words(m.start, m.end)[0] is not None
        ]
        for match in matches:  # states first: they tell which country's bodies and people are meant
            codes = {self.pack.actors[x.actor].country for x in match.aliases if self._is_state(x)}
            if len(codes) == 1:
                self.country_count.update(code for code in codes if code)
        for match in matches:
            alias, rivals = self._choose(match.aliases)
            if alias is not None:
                self._own(self._known_party(match, alias, rivals))

    def _is_state(self, alias: Alias) -> bool:
        return self.pack.actors[alias.actor].kind == "state"

    def _known_party(self, match: NameMatch, alias: Alias, rivals: tuple[str, ...]) -> Party:
        first, last = self._words(match.start, match.end)
        start, end = int(first or 0), int(last or 1)
        entry = self.pack.actors[alias.actor]
        head = self._head(start, end)
        kind: Kind = "person" if entry.kind == "person" else "nation" if entry.kind == "state" else "name"
        told = alias.kind in ("name", "alias", "capital", "acronym") and entry.kind == "state"
        return Party(
            start=start, end=end, head=head, kind=kind, actors=(entry_actor(entry, self.on),),
            locative=told and self._tells_where(head), rivals=rivals, via=f"pack:{alias.kind}",
            plural=alias.kind == "people",
        )  # fmt: skip

    def _choose(self, aliases: Sequence[Alias]) -> tuple[Alias | None, tuple[str, ...]]:
        day = self.on
        fitting = [a for a in aliases if day is None or in_force(a.since, a.until, day)] or list(aliases)
        fitting = [a for a in fitting if self._supported(a)]
        if not fitting:
            return None, ()
        ranked = sorted(fitting, key=self._alias_rank)
        return ranked[0], tuple(dict.fromkeys(a.actor for a in ranked[1:]))

    def _alias_rank(self, alias: Alias) -> tuple[int, int, str]:
        entry = self.pack.actors[alias.actor]
        order = {"capital": 2, "seat": 2, "surname": 3, "name": 0}.get(alias.kind, 1)
        near = self.country_count[entry.country] if entry.country else 0
        in_office = bool(self.on and entry.offices_on(self.on))
        return (-3 * min(near, 3) - 2 * in_office + order, -len(entry.roles), alias.actor)

    def _supported(self, alias: Alias) -> bool:
        """Short forms count only where something else in the document speaks for them.

        A bare surname needs the full name, or its country and an office on the day, and no other person of
        the document with that surname; an acronym or a party's name needs its country, if it has one.
        """
        entry = self.pack.actors[alias.actor]
        if entry.kind == "state" or entry.country is None:
            return True
        near = self.country_count[entry.country] > 0
        if alias.kind == "surname":
            others = self.surnames.get(normalise_name(alias.text), set()) - {normalise_name(entry.name)}
            in_office = bool(self.on and entry.offices_on(self.on))
            return normalise_name(entry.name) in self.full_names or (near and in_office and not others)
        if alias.kind == "acronym" or entry.kind == "party" or (entry.kind == "organ" and " " in alias.text):
            return near or not self.country_count
        return True

    # --- entities of the annotator
    def _entities(self) -> None:
        for start, end, label in self.a.entities:
            covered = [k for k in range(start, end) if k in self.owner]
            if covered and (label not in ("PERSON", "ORG") or self._swallows(start, end, covered, label)):
                continue
            while start < end - 1 and (_TITLE.match(self.a.words[start]) or self.a.pos[start] == "DET"):
                start += 1
            while end - 1 > start and self.a.words[end - 1].lower() in ("'s", "’s", "'", "’"):
                end -= 1
            words = self.a.quote(start, end)
            head = self._head(start, end)
            if label == "ORG" and self._is_body_of_state(start, end, covered):
                continue
            if label == "PERSON":
                self._own(Party(start=start, end=end, head=head, kind="person", via="entity",
                                actors=(make_actor(words, "person", None, None),)))  # fmt: skip
            elif label in ("ORG", "GROUP"):
                inner = next((self.owner[k] for k in covered if self.owner[k].kind == "nation"), None)
                country = inner.actors[0].country if inner else None
                sector = sector_of(words) or ("CIV" if label == "GROUP" else None)
                actor = make_actor(words, "organisation" if label == "ORG" else "group", country, sector)
                self._own(Party(start=start, end=end, head=head, kind="name", actors=(actor,), via="entity",
                                plural=label == "GROUP"))  # fmt: skip

    def _is_body_of_state(self, start: int, end: int, covered: list[int]) -> bool:
        """Tell whether a name is no more than a state's and a common noun's, "Azerbaijani Embassy": the noun makes the actor."""
        rest = max(covered, default=start - 1) + 1
        nation = rest > start and self.owner[covered[0]].kind == "nation"
        return nation and rest < end and normalise_name(self.a.quote(rest, end)) in self.pack.terms

    def _swallows(self, start: int, end: int, covered: list[int], label: str) -> bool:
        """An entity around a known name is new ("Turkish Armed Forces") unless it is hardly longer."""
        inner = self.owner[covered[0]]
        if len(covered) == end - start:
            return True
        if label == "PERSON":
            return inner.kind == "person"
        return inner.kind != "nation" or end - start - len(covered) < 1

    # --- common nouns that make actors
    def _terms(self) -> None:
        k = 0
        while k < len(self.a):
            found = self._term_at(k)
            if found is None:
                k += 1
                continue
            end, term = found
            self._own_term(k, end, term)
            k = end

    def _term_at(self, k: int) -> tuple[int, Term] | None:
        if self.a.pos[k] not in _NOUNS:
            return None
        for length in (3, 2, 1):
            end = k + length
            if end > len(self.a) or self.a.pos[end - 1] not in ("NOUN", "PROPN"):
                continue
            for form in (
                self.a.text[self.a.starts[k] : self.a.span(k, end)[1]],
                " ".join(self.a.lemmas[k:end]),
            ):
                term = self.pack.terms.get(normalise_name(form))
                if term is not None and not any(
                    j in self.owner and self.owner[j].kind != "nation" for j in range(k, end)
                ):
                    return end, term
        return None

    def _own_term(self, start: int, end: int, term: Term) -> None:
        head = self._head(start, end)
        if head in self.owner and self.owner[head].kind == "person":
            return
        left, nation = self._modifiers(start, head)
        plural = term.plural or self.a.tags[head] in ("NNS", "NNPS")
        body = self._body_before(head)
        if body is not None:
            left, actor, via = (
                min(left, body.start),
                self._body_actor(body, term, start, end),
                "term of a body",
            )
        else:
            actor = self._term_actor(
                term, nation or self.main_country, self.a.quote(left if nation else start, end)
            )
            via = "term" if nation else "term:main country"
        kind: Kind = "office" if term.kind == "office" else "organ" if term.kind == "organ" else "people"
        self._own(Party(start=left, end=end, head=head, kind=kind, actors=(actor,), plural=plural, via=via))

    def _body_before(self, head: int) -> Party | None:
        """Give the body or people that a common noun belongs to: "Taliban fighters", "Hamas's leaders", "Kurdish forces"."""
        for child in self.children[head]:
            party = self.owner.get(child)
            if (
                party
                and party.kind == "name"
                and child < head
                and self.a.deps[child] in ("amod", "compound", "nmod:poss")
            ):
                return party
        return None

    def _body_actor(self, body: Party, term: Term, start: int, end: int) -> Actor:
        """Members of an armed group or organisation act for it; the forces of a people are a group of their own."""
        actor = body.actors[0]
        if actor.kind != "group" or term.sector not in ("MIL", "REB"):
            return actor
        return make_actor(
            self.a.quote(min(body.start, start), end),
            "armed group",
            actor.country or self.main_country,
            "REB",
        )

    def _term_actor(self, term: Term, country: str | None, words: str) -> Actor:
        entry = self.pack.countries.get(country or "")
        if term.kind == "office" and entry and self.on:
            holders = self.pack.holders(term.text, entry.code, self.on)
            if len(holders) == 1:
                return entry_actor(holders[0], self.on)
        if entry is None:
            return make_actor(words, term.kind, country, term.sector)
        adjective = entry.adjectives[0] if entry.adjectives else entry.name
        name = term.form.format(adjective=adjective, country=entry.name)
        return make_actor(name, "unnamed" if term.unnamed else term.kind, country, term.sector)

    def _modifiers(self, start: int, head: int) -> tuple[int, str | None]:
        """Give the leftmost modifier and the country that a noun phrase names: "Turkey's", "Iranian", "of Iran"."""
        left, nation = start, None
        for child in self.children[head]:
            dep, party = self.a.deps[child], self.owner.get(child)
            if party is None or not party.actors[0].country or party.kind not in ("nation", "name"):
                continue
            if dep not in ("amod", "compound", "nmod:poss", "nmod"):
                continue
            if dep != "nmod" or self._case(child) in ("of", "from", "in"):
                nation = nation or party.actors[0].country
            if child < head:
                left = min(left, party.start)
        return left, nation

    # --- bringing together
    def _merged(self) -> list[Party]:
        parties = sorted(set(self.owner.values()), key=lambda p: (p.start, p.end))
        return [
            self._with_title(p) if p.kind == "person" else p for p in parties if self.owner.get(p.head) == p
        ]

    def _with_title(self, party: Party) -> Party:
        """A person takes country and sector from the office in front or in apposition."""
        actor = party.actors[0]
        if actor.sector is not None and actor.country is not None:
            return party
        office = self._office_near(party)
        title = office.actors[0] if office else None
        country = actor.country or (title.country if title else None) or self._nation_before(party)
        sector: Sector | None = (
            actor.sector or (title.sector if title else None) or self._title_sector(party) or "CIV"
        )
        start = min(party.start, office.start) if office and office.head < party.head else party.start
        return replace(
            party, start=start, actors=(replace(actor, country=country or self.main_country, sector=sector),)
        )

    def _office_near(self, party: Party) -> Party | None:
        around = [
            *range(party.start - 1, max(party.start - 7, -1), -1),
            *self.children[party.head],
            self.a.heads[party.head],
        ]
        for k in around:
            if k == party.start - 1 and self.a.words[k] in (".", ";", "\n"):
                return None
            office = self.owner.get(k)
            if office is None or office.kind not in ("office", "organ"):
                continue
            if self.sentence_of[k] == self.sentence_of[party.head] and self._belongs(office, party):
                return office
        return None

    def _belongs(self, office: Party, party: Party) -> bool:
        """Tell whether an office stands right before a name or hangs on it as title or apposition."""
        if office.end == party.start:
            return True
        linked = self.a.heads[office.head] == party.head or self.a.heads[party.head] == office.head
        return linked and self.a.deps[office.head] not in ("conj", "nsubj", "obj", "obl")

    def _title_sector(self, party: Party) -> Sector | None:
        left = self.a.quote(max(self._sentence_start(party.start), party.start - 5), party.end)
        right_end = min(party.end + 9, self._sentence_end(party.start))
        right = (
            self.a.quote(party.end, right_end)
            if right_end > party.end and self.a.words[party.end] == ","
            else ""
        )
        return sector_of(left) or sector_of(right)

    def _nation_before(self, party: Party) -> str | None:
        for k in range(
            max(self._sentence_start(party.start), party.start - 6), min(len(self.a), party.end + 6)
        ):
            near = self.owner.get(k)
            if near and near.kind == "nation" and (k < party.start or self.a.words[party.end] == ","):
                return near.actors[0].country
        return None

    def _same_names(self, parties: list[Party]) -> list[Party]:
        """Later short forms ("Salami", "Mr Salami", "DHR") take the actor of the full name; unknown bodies get a country."""
        known = _by_name_parts(parties)
        out = []
        for party in parties:
            actor = party.actors[0]
            if party.kind == "person" and party.via == "entity" and " " not in actor.name:
                full = known.get(normalise_name(actor.name))
                party = replace(party, actors=(full,), via=f"entity:{full.name}") if full else party
            elif party.kind == "name" and actor.country is None and party.via == "entity":
                party = replace(party, actors=(self._placed(actor, known),))
            out.append(party)
        return out

    def _placed(self, actor: Actor, known: dict[str, Actor]) -> Actor:
        """Give an unknown body the country of the document, unless its name is worldwide; its acronym means the same."""
        name, short = normalise_name(actor.name), _initials(actor.name)
        if name in known:
            return known[name]
        country = None if _WORLDWIDE.search(actor.name) else self.main_country
        made = replace(actor, country=country, sector=actor.sector or "NGO")
        known[name] = made
        if short != name:
            known.setdefault(short, made)
        return made

    # --- pronouns and descriptions
    def _find_genders(self, parties: Iterable[Party]) -> dict[ActorId, str]:
        """Give the gender of persons whose title or given name tells it."""
        men, women = (self.pack.lexicon.kinds.get(f"given name of a {who}", frozenset()) for who in ("man", "woman"))
        found: dict[ActorId, str] = {}
        for party in parties:
            if party.kind != "person":
                continue
            title = self.a.words[party.start - 1] if party.start else ""
            given = normalise_name(party.actors[0].name).split(" ")[0]
            if _MAN.match(title) or _WOMAN.match(title):
                found[party.actors[0].id] = "woman" if _WOMAN.match(title) else "man"
            elif (given in men) != (given in women):
                found.setdefault(party.actors[0].id, "man" if given in men else "woman")
        return found

    def _is_gender(self, party: Party, word: str) -> bool:
        """Tell whether a person may be meant by "he" or "she", as far as is known."""
        known = self.genders.get(party.actors[0].id)
        return known is None or (word not in _WOMEN if known == "man" else word not in _MEN)

    def _speakers_selves(self, parties: Sequence[Party], reports: Sequence[Report]) -> Iterable[Party]:
        """Give "we" and "I" in reported words, as standing for who speaks them."""
        if not reports:
            return
        for k, word in enumerate(self.a.words):
            if word.lower() not in _FIRST or self.a.pos[k] != "PRON":
                continue
            around = [r for r in reports if k in r.content and r.speaker is not None]
            report = min(around, key=lambda r: (len(r.content), r.cue), default=None)
            if report is None or report.speaker is None:
                continue
            at = [p for p in parties if p.start <= report.speaker < p.end or p.head == report.speaker]
            found = self._stands_for(k, at[0] if at else None)
            if found is not None:
                yield found

    def _resolved(self, parties: list[Party]) -> tuple[Party, ...]:
        at_head = {p.head: p for p in parties}
        out: list[Party] = []
        for k in range(len(self.a)):
            if k in at_head:
                party = at_head[k]
                both = self._both(k, out)
                out.append(both or party)
                continue
            pronoun = self._pronoun(k, out) or self._both(k, out) or self._description(k, out)
            if pronoun is not None:
                out.append(pronoun)
        return tuple(out)

    def _pronoun(self, k: int, before: list[Party]) -> Party | None:
        if self.a.pos[k] != "PRON":
            return None
        word = self.a.words[k].lower()
        if word in _SINGULAR:
            found = self._last(
                before, k, lambda p: p.kind in ("person", "office") and not p.plural and self._is_gender(p, word)
            )
            if found is not None:  # who was "he" once is not "she" later
                self.genders.setdefault(found.actors[0].id, "woman" if word in _WOMEN else "man")
        elif word in _PLURAL:
            found = self._last(
                before, k, lambda p: p.plural or p.kind in ("group", "organ", "name", "nation")
            )
        elif word in _NEUTER and self.a.deps[k] != "expl":
            found = self._last(
                before, k, lambda p: p.kind in ("nation", "name", "organ", "group") and not p.plural
            )
        else:
            return None
        return self._stands_for(k, found)

    def _description(self, k: int, before: list[Party]) -> Party | None:
        kind = _DESCRIPTION.get(self.a.lemmas[k].lower())
        if kind is None or self.a.pos[k] != "NOUN" or self.a.tags[k] == "NNS":
            return None
        if not any(
            self.a.words[c].lower() in _DEFINITE and self.a.deps[c] == "det" for c in self.children[k]
        ):
            return None
        wanted = {"nation": ("nation",), "group": ("name", "organ", "group"), "person": ("person",)}[kind]
        return self._stands_for(k, self._last(before, k, lambda p: p.kind in wanted and not p.plural))

    def _both(self, k: int, before: list[Party]) -> Party | None:
        if self.a.lemmas[k].lower() not in _SIDES or self.a.tags[k] != "NNS":
            return None
        if not any(_BOTH.match(self.a.words[c]) for c in self.children[k]):
            return None
        found: dict[str, Actor] = {}
        for party in reversed(before):
            for actor in party.actors:
                if actor.country and party.kind in ("nation", "person", "office", "organ"):
                    found.setdefault(actor.country, actor)
            if len(found) >= 2:
                break
        actors = tuple(reversed(list(found.values())[:2]))
        if len(actors) < 2:
            return None
        return Party(start=k, end=k + 1, head=k, kind="pronoun", actors=actors, plural=True, via="both")

    def _stands_for(self, k: int, found: Party | None) -> Party | None:
        if found is None:
            return None
        return replace(found, start=k, end=k + 1, head=k, locative=False, via=f"stands for {found.actors[0].name}",
                       kind="pronoun" if self.a.pos[k] == "PRON" else found.kind)  # fmt: skip

    def _last(self, before: list[Party], k: int, fits: Callable[[Party], bool]) -> Party | None:
        """Give the antecedent: nearest sentence first, in it subjects before others, at most four sentences back."""
        here = self.sentence_of[k]
        best, best_score = None, -99.0
        for party in reversed(before):
            back = here - self.sentence_of[party.head]
            if back > 4:
                break
            stood = party.via.startswith("stands for")
            if party.locative or (not fits(party) and not stood):
                continue
            if stood and not fits(replace(party, kind=self._kind_of(party))):
                continue
            subject = self.a.deps[party.head].startswith("nsubj")
            named = party.kind == "person" or party.via.startswith("stands for")
            score = (
                1.5 * subject
                + 0.8 * named
                - 1.2 * back
                - 0.02 * (k - party.head)
                - (0.5 if self.a.deps[party.head] in ("nmod:poss", "compound", "amod") else 0)
            )
            if score > best_score:
                best, best_score = party, score
        return best

    @staticmethod
    def _kind_of(party: Party) -> Kind:
        actor_kind = party.actors[0].kind
        return {"person": "person", "state": "nation", "office": "office"}.get(actor_kind, "name")  # type: ignore[return-value]

    # --- small helps
    def _own(self, party: Party) -> None:
        for k in range(party.start, party.end):
            self.owner[k] = party

    def _words(self, start: int, end: int) -> tuple[int | None, int | None]:
        first = self.word_at.get(start)
        if first is None:
            return None, None
        last = first
        while last + 1 < len(self.a) and self.a.starts[last + 1] < end:
            last += 1
        return first, last + 1

    def _head(self, start: int, end: int) -> int:
        return next(
            (k for k in range(start, end) if not start <= self.a.heads[k] < end or self.a.heads[k] == k),
            end - 1,
        )

    def _case(self, k: int) -> str:
        return next((self.a.words[c].lower() for c in self.children[k] if self.a.deps[c] == "case"), "")

    def _tells_where(self, head: int) -> bool:
        return (
            self.a.deps[head] in ("obl", "nmod", "appos", "parataxis", "root")
            and self._case(head) in _LOCATIVE
        )

    def _dominant(self) -> str | None:
        """Give the country that the document is about: by its actors, and by its places from the gazetteer."""
        count: Counter[str] = Counter({code: 2 * n for code, n in self.country_count.items()})
        for party in set(self.owner.values()):
            count.update(a.country for a in party.actors if a.country and party.kind != "nation")
        for start, end, label in self.a.entities:
            if label == "PLACE" and start not in self.owner:
                found = self.pack.places.look_up(self.a.quote(start, end))
                if found and found[0].country:
                    count[found[0].country] += 3 if self.sentence_of[start] < 3 else 2
        return max(sorted(count), key=lambda code: count[code], default=None)

    def _sentence_start(self, k: int) -> int:
        return self.a.sentences[self.sentence_of[k]][0]

    def _sentence_end(self, k: int) -> int:
        return self.a.sentences[self.sentence_of[k]][1]


def find_parties(
    annotation: Annotation, pack: Pack, on: date | None, reports: Sequence[Report] = ()
) -> tuple[Party, ...]:
    """Give the parties of a document in the order of the text; `on` is the day it speaks from."""
    return PartyFinder(annotation, pack, on).find(reports)


def in_sentence(parties: Iterable[Party], start: int, end: int) -> list[Party]:
    """Give the parties whose head lies among the words `start` to `end` (half-open)."""
    return [p for p in parties if start <= p.head < end]
