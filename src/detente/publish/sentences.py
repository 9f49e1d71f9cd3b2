"""Plain sentences for events: who did what to whom, when, where, with what status, on whose word.

A sentence says only what the record says. Where the record is too thin for a sentence (nobody who
acts and nobody acted on) the article's own words stand in quotation marks.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from detente.publish.verbs import Verb, choose_verb
from detente.records import Actor, Attribution, Count, EventType, Place, Status, When

LONGEST_NAME = 90  # characters; longer names are cut, the full ones stand in the exports
MOST_NAMES = 4  # more are counted: "and 3 others"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Characters that turn or hide text without being seen: they could make a name read as another.
_UNSEEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_ARTICLE_HEADS = _words(
    "units brigade brigades tribunal "
    "states kingdom emirates nations union republic federation ministry government council court "
    "parliament guard guards corps front party organization organisation agency forces force army "
    "navy commission committee senate congress assembly league bank fund authority authorities "
    "administration bloc alliance coalition movement opposition police military presidency "
    "embassy office service department bureau secretariat islands netherlands philippines gambia "
    "bahamas maldives kremlin taliban vatican house command militia prosecutor's"
)
_ARTICLE_SHORT = _words("EU UN US USA UK UAE IAEA OSCE CIA FBI WHO IMF WTO ICC ICJ IRGC PKK PLO GCC ICRC")
_AT = _words(
    "dam camp airport embassy consulate base border checkpoint checkpost crossing port prison palace "
    "headquarters plant station mosque church school hospital university summit bridge"
)
_IN_THE = _words(
    "sea gulf strait river peninsula corridor valley region province district oblast islands "
    "mountains capital area zone north south east west desert canal"
)
_PREPOSITION = re.compile(
    r"(?:near|outside|off|between|around|along|across|on|in|at|over|north|south|east|west) "
)
_LEADING_THE = re.compile(r"^(?:the|a|an)\s", re.IGNORECASE)
_AFTER_HEAD = re.compile(r" (?:of|for|on|in|to|against|at) ")
_OFFICE = re.compile(  # "ambassador of Norway", "Turkish minister": one person, by the office held
    r"^(?:[a-z][\w-]* ){0,3}(?:spokesman|spokeswoman|spokesperson|ambassador|minister|president|envoy|chief"
    r"|governor|mayor|king|queen|leader|commander|secretary)(?: of .+| for .+)?$"
    r"|^[A-Z]\w+(?:n|sh|ch|i|se) (?:[a-z]+ )?"
    r"(?:spokesman|spokeswoman|ambassador|minister|president|envoy|leader)$"
)
_POSSESSIVE = re.compile(
    r"^[\w .-]{2,40}(?:'s|’s|s'|s’) "
)  # "Iran's foreign ministry" has its article already
_ARTICLE_START = re.compile(
    r"(?:Ministry|Government|Republic|Bank|Organi[sz]ation|League|House|Embassy|Union|Court|Office|Department"
    r"|Islamic Revolutionary)\b(?!$)"
)
_BODY_KINDS = frozenset(("armed group", "party"))
_PEOPLE_KINDS = frozenset(("person", "group", "unnamed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What a sentence is made from: the fields that an event and an incident share."""

    type: EventType
    mode: str | None
    trigger: str  # the words that told the type; empty where not kept
    actors: tuple[Actor, ...]
    recipients: tuple[Actor, ...]
    when: When | None
    place: Place | None
    status: Status
    attribution: Attribution | None
    killed: Count | None = None
    injured: Count | None = None
    counts: tuple[Count, ...] = ()
    after: str = ""  # the words of the quote that follow the trigger


def clean_text(text: str) -> str:
    """Give text fit for a heading or a label: one line, with nothing unseen in it."""
    seen = _UNSEEN.sub(" ", _SURROGATES.sub("\ufffd", unicodedata.normalize("NFC", text)))
    return " ".join(seen.split())


def shorten(text: str, most: int) -> str:
    """Cut text at a word's end, with an ellipsis, to at most `most` characters."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut
    return at_word.rstrip(" ,;:–-") + "…"


def name_actor(actor: Actor) -> str:
    """Give an actor's name as it stands within a sentence, with its article where English has one."""
    name = shorten(clean_text(actor.name), LONGEST_NAME) or "an unnamed party"
    if _OFFICE.match(name):
        return f"the {name}"
    if actor.kind == "person" or _LEADING_THE.match(name) or _POSSESSIVE.match(name):
        return name[0].lower() + name[1:] if name.startswith("The ") else name
    words = re.findall(r"[\w'’.-]+", _AFTER_HEAD.split(name, maxsplit=1)[0])
    takes_article = bool(words) and (
        name in _ARTICLE_SHORT
        or (words[-1].lower() in _ARTICLE_HEADS and _names_one_body(words))
        or bool(_ARTICLE_START.match(name))
    )
    return f"the {name}" if takes_article else name


def _names_one_body(words: Sequence[str]) -> bool:
    """Tell "Iranian army" and "United States" from "Russian forces" (many, no article)."""
    many = words[-1].lower() in ("forces", "authorities", "police", "guards")
    if len(words) == 1 and words[0].islower():  # the army, the government; but: police
        return words[0] not in ("forces", "authorities", "police", "guards")
    return words[0][:1].isupper() and not (many and len(words) < 3 and words[-1].islower())


def join_names(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Give "A", "A and B", "A, B and C" or "A, B, C and 3 others"."""
    unique = list(dict.fromkeys(names))
    if len(unique) > most:
        rest = len(unique) - (most - 1)
        unique = [*unique[: most - 1], f"{rest} others"]
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}" if unique else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def last_instant(when: When) -> datetime:
    """Give the last instant of an interval, in UTC."""
    return when.latest.astimezone(UTC)


def name_day(day: datetime, *, year: bool = True) -> str:
    """Give "27 January 2023"."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def name_when(when: When) -> str:
    """Give an interval in words as narrow as it is: a day, a month, a year, or from-to."""
    start, end = when.earliest.astimezone(UTC), last_instant(when)
    if start.date() == end.date():
        return name_day(start)
    whole_months = start.day == 1 and (end + timedelta(days=1)).day == 1
    if whole_months and start.year == end.year:
        if start.month == end.month:
            return f"{MONTHS[start.month - 1]} {start.year}"
        if (start.month, end.month) == (1, 12):
            return str(start.year)
        return f"{MONTHS[start.month - 1]} to {MONTHS[end.month - 1]} {end.year}"
    if whole_months and (start.month, end.month) == (1, 12):
        return f"{start.year} to {end.year}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {name_day(end)}"
    return f"{name_day(start, year=start.year != end.year)} to {name_day(end)}"


def _name_months(when: When) -> str:
    """Give a guessed interval of weeks by its months, "January or February": days would feign precision."""
    start, end = when.earliest.astimezone(UTC), last_instant(when)
    months = 12 * (end.year - start.year) + end.month - start.month
    if (end - start).days < 12 or months > 1:
        return name_when(when)
    if months == 0:
        return f"{MONTHS[start.month - 1]} {start.year}"
    first = MONTHS[start.month - 1] + (f" {start.year}" if start.year != end.year else "")
    return f"{first} or {MONTHS[end.month - 1]} {end.year}"


def _time_phrase(when: When) -> str:
    """Give "on 27 January 2023", "in 2023", "between 3 and 9 May 2023"; a guess is "around"."""
    words = name_when(when)
    if when.basis in ("published", "inferred"):
        return f"around {_name_months(when) if ' to ' in words else words}"
    if " to " in words:
        return "between " + words.replace(" to ", " and ", 1)
    return f"on {words}" if words[0].isdigit() and " " in words else f"in {words}"


def _place_phrase(happening: Happening) -> str:
    """Give "in Tehran" or "at the Astara border"; nothing where a party's name already says it."""
    place = happening.place
    name = shorten(clean_text(place.name), LONGEST_NAME) if place else ""
    known = {clean_text(actor.name).casefold() for actor in (*happening.actors, *happening.recipients)}
    if not name or name.casefold() in known:
        return ""
    bare = _LEADING_THE.sub("", name)
    last = bare.split()[-1].lower().strip(".,")
    article = "" if bare != name else "the "
    if _PREPOSITION.match(name):
        return name
    if name.startswith(("Mount ", "Lake ")) or last == "pass":
        return f"{'on' if name.startswith('Mount ') else 'at'} {name}"
    if last in _AT or (bare != name and bare[:1].islower() and last not in _IN_THE):
        return f"at {article}{name}"
    if (
        (last in _IN_THE and " " in bare)
        or name in _ARTICLE_SHORT
        or last in ("states", "kingdom", "emirates")
    ):
        return f"in {article}{name}"
    return f"in {name}"


def _setting(happening: Happening) -> str:
    """Give time and place as one phrase, possibly empty."""
    time = _time_phrase(happening.when) if happening.when else ""
    return " ".join(part for part in (time, _place_phrase(happening)) if part)


def _are_people(actors: Sequence[Actor]) -> bool:
    return bool(actors) and all(
        actor.kind in _PEOPLE_KINDS and not (actor.kind == "group" and actor.sector in ("GOV", "IGO"))
        for actor in actors
    )


def _done_to(recipients: Sequence[Actor], verb: Verb) -> str:
    """Name the recipients; a body is arrested in its members."""
    if not verb.of_people:
        return join_names(_chief_names(recipients))
    names = [
        f"members of {name_actor(actor)}" if actor.kind in _BODY_KINDS else name_actor(actor)
        for actor in recipients
    ]
    return join_names(names)


def _forms(happening: Happening, verb: Verb) -> tuple[str, str, str]:
    """Give base, past and participle with the recipients in their place."""
    recipients = _done_to(happening.recipients, verb)
    if recipients:
        base, past, participle = (f"{form} {recipients}" for form in verb.on_one.split("|"))
    elif len(_chief_names(happening.actors)) > 1 and verb.together:
        base, past, participle = verb.together.split("|")
    else:
        base, past, participle = verb.alone.split("|")
    return base, past, participle


def _speaker(attribution: Attribution) -> str:
    name = name_actor(attribution.speaker)
    own = clean_text(attribution.speaker.name).casefold()
    carriers = [each for each in map(clean_text, attribution.chain) if each and each.casefold() != own]
    return f"{name}, quoted by {join_names(carriers[::-1])}" if carriers else name


def _are_many(actor: Actor) -> bool:
    """Tell whether an actor is spoken of as they: people, and names such as "Kashmiri rebels"."""
    last = clean_text(actor.name).split()[-1:] or [""]
    return _are_people([actor]) or bool(re.fullmatch(r"[a-z].*[^su]s", last[0]))


def _same_party(attribution: Attribution, actors: Sequence[Actor]) -> bool:
    name = clean_text(attribution.speaker.name).casefold()
    return len(actors) == 1 and clean_text(actors[0].name).casefold() == name


def _word_of(happening: Happening) -> str:
    """Give on whose word it stands, as the tail of a sentence; empty where the article says so itself."""
    attribution = happening.attribution
    if attribution is None or (happening.status == "denied" and attribution.stance in ("denies", "asserts")):
        return ""
    speaker = _speaker(attribution)
    if attribution.stance == "denies":
        return f"; {speaker} denied this"
    if attribution.stance == "doubts":
        return f"; {speaker} doubted this"
    if attribution.stance == "accuses" and not _same_party(attribution, happening.actors):
        return f", as alleged by {speaker}"
    if _same_party(attribution, happening.actors):
        return ", by their own account" if _are_many(happening.actors[0]) else ", by its own account"
    return f", according to {speaker}"


def name_count(count: Count) -> str:
    """Give "3", "3 to 5" or "at least 3"."""
    if count.high is None:
        return f"at least {count.low:,}"
    return f"{count.low:,}" if count.low == count.high else f"{count.low:,} to {count.high:,}"


def _people(count: Count) -> str:
    if count.high == 0:
        return "nobody"
    return f"{name_count(count)} {'person' if count.low == 1 and count.high == 1 else 'people'}"


def _toll(happening: Happening) -> str:
    """Give the numbers of people as a clause: "; 3 people were reported killed and 12 injured"."""
    told = [count for count in (happening.killed, happening.injured) if count is not None]
    told += [count for count in happening.counts if count.what in ("arrested", "displaced")]
    if not told or happening.status != "happened":
        return ""
    was = "was" if told[0].high in (0, 1) else "were"
    first = f"{_people(told[0])} {was} reported {clean_text(told[0].what)}"
    return "; " + join_names(
        [first, *(f"{name_count(count)} {clean_text(count.what)}" for count in told[1:])]
    )


def _with_doer(happening: Happening, verb: Verb) -> str:
    subject = join_names(_chief_names(happening.actors))
    base, past, participle = _forms(happening, verb)
    setting = _setting(happening)
    front = f"{_capital(setting)}, {subject}" if setting else _capital(subject)
    back = f" {setting}" if setting else ""
    if happening.status == "planned":
        return f"{_capital(subject)} planned to {base}{back}"
    if happening.status == "possible":
        return f"It was reported as possible, not as fact, that {subject} would {base}{back}"
    if happening.status == "attempted":
        return f"{front} tried to {base}"
    if happening.status == "denied":
        return _denial(happening, subject, participle) + back
    return f"{front} {past}"


def _denial(happening: Happening, subject: str, participle: str) -> str:
    attribution = happening.attribution
    if attribution is None:
        return f"It was denied that {subject} had {participle}"
    if _same_party(attribution, happening.actors):
        return f"{_capital(subject)} denied having {participle}"
    speaker = _speaker(attribution)
    comma = "," if ", quoted by " in speaker else ""
    return f"{_capital(speaker)}{comma} denied that {subject} had {participle}"


_NO_DOER = {
    "happened": "{front} was reported, without a named doer",
    "planned": "{front} was reported as planned, without a named doer",
    "possible": "{front} was reported as possible, not as fact, without a named doer",
    "attempted": "{front} was reported as attempted, without a named doer",
    "denied": "{front} was denied",
}


def _without_doer(happening: Happening, verb: Verb) -> str:
    recipients = _done_to(happening.recipients, verb)
    setting = _setting(happening)
    front = _capital(f"{verb.noun} {recipients}" + (f" {setting}" if setting else ""))
    text = _NO_DOER[happening.status].format(front="\0").replace("\0", front)
    return text.replace(" was ", " were ", 1) if _is_plural(verb.noun) else text


def _is_plural(noun: str) -> bool:
    head = noun.split()[0] if not noun.startswith(("a ", "an ", "the ")) else ""
    last = re.split(r" (?:of|on|to|for|with|against|about|aimed)\b", noun)[0].split()[-1] if head else ""
    return last.endswith("s") or last == "criticisms"


# After "to" these do not begin an infinitive.
_NO_VERB = (
    r"(?:the|a|an|his|her|its|their|our|my|your|this|that|these|those|him|them|it|us|me|both|all|each|every|some|any|no"
    r"|one|two|be|which|whom|what|date|do|have)\b"
)
_INFINITIVE = re.compile(rf"^[^.;:“”\"]{{0,70}}?\b(to (?!{_NO_VERB})[a-z]{{2,}}\b.*)", re.DOTALL)
_GERUND = re.compile(r"^[^.;:“”\"]{0,70}?\bof ((?:not )?[a-z]{2,}ing\b.*)", re.DOTALL)
_THAT = re.compile(r"^[^.;:“”\"]{0,70}?\b(that [a-z].*)", re.DOTALL)
_SPOKEN = frozenset(("ACCUSE", "REQUEST", "THREATEN", "REJECT", "AGREE", "CONCEDE"))


def _content(happening: Happening, verb: Verb) -> str:
    """Give what was demanded, alleged or promised, in the article's words and between quotation marks."""
    if happening.type not in _SPOKEN or happening.status != "happened" or not happening.actors:
        return ""
    if happening.type == "ACCUSE":
        found = _GERUND.match(happening.after)
        if found and verb.stems == "accus" and happening.recipients:
            return f" of {_said(found[1])}"
    else:
        found = _INFINITIVE.match(happening.after)
        if found and verb.type == "REQUEST":
            return f" to {_said(found[1][3:])}"
    found = (
        _THAT.match(happening.after) if happening.type == "ACCUSE" else found or _THAT.match(happening.after)
    )
    return f" ({_said(found[1])})" if found else ""


def _said(words: str) -> str:
    """Quote words up to the end of their sentence."""
    return quote_words(re.split(r"[.;!?](?=\s|$)", words, maxsplit=1)[0].rstrip(" ,"), 160)


def _chief_names(actors: Sequence[Actor]) -> list[str]:
    """Name actors; a state goes without saying beside its own minister or army."""
    served = {actor.country for actor in actors if actor.kind in ("organ", "person") and actor.country}
    chief = [actor for actor in actors if actor.kind != "state" or actor.country not in served]
    return [name_actor(actor) for actor in chief]


def write_sentence(happening: Happening) -> str | None:
    """Give one sentence with its full stop, or None where the record is too thin for one."""
    if not happening.actors and not happening.recipients:
        return None
    verb = choose_verb(
        happening.type,
        happening.trigger,
        happening.mode,
        people=all(actor.kind in _BODY_KINDS or _are_people([actor]) for actor in happening.recipients),
    )
    body = _with_doer(happening, verb) if happening.actors else _without_doer(happening, verb)
    sentence = body + _content(happening, verb) + _toll(happening) + _word_of(happening)
    return re.sub(r"\.*$", ".", sentence)


_INNER_QUOTES = str.maketrans({"“": "‘", "”": "’", "„": "‘", '"': "'"})  # marks within marks


def quote_words(words: str, most: int = 320) -> str:
    """Give words between quotation marks on one line, cut where they are long."""
    inside = clean_text(words).translate(_INNER_QUOTES)
    return f"“{shorten(inside, most)}”"
