"""A small invented world for the publishing tests: a quarrel over a ferry line, told by nine documents.

Countries are real, so that maps have outlines; people, outlets and happenings are made up and lie in
2031. Events find their words in the text themselves: a quote that is not there is an error.
"""



from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from detente.records import (
    Actor,
    ActorId,
    Attribution,
    Count,
    Document,
    DocumentId,
    Event,
    EventId,
    Evidence,
    PageId,
    Piece,
    Place,
    PlaceId,
    Span,
    When,
    make_id,
)

KNOWN = datetime(2031, 4, 2, 8, tzinfo=UTC)
HOSTILE_NAME = "<script>alert(1)</script> \u202egpj.exe Front \u200fof the \"Quoted\" & 'Unquoted'"
LONG_NAME = "Provisional Interdepartmental Coordination Committee for the Uninterrupted Navigation of " * 4


def day(text: str, basis: Any = "stated") -> When:
    """The whole of an ISO day, month or year."""
    parts = [int(part) for part in text.split("-")]
    start = datetime(*[*parts, 1, 1][:3], tzinfo=UTC)
    if len(parts) == 3:
        end = start + timedelta(days=1)
    elif len(parts) == 2:
        end = datetime(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1, tzinfo=UTC)
    else:
        end = datetime(parts[0] + 1, 1, 1, tzinfo=UTC)
    return When(earliest=start, latest=end - timedelta(seconds=1), basis=basis)


def actor(name: str, country: str | None = None, sector: Any = "GOV", kind: str = "state") -> Actor:
    return Actor(id=ActorId(make_id("actor", name)), name=name, kind=kind, country=country, sector=sector)


ARG, URY, BRA, PRY = (
    actor(n, c) for n, c in (("Argentina", "ARG"), ("Uruguay", "URY"), ("Brazil", "BRA"), ("Paraguay", "PRY"))
)
ARG_FM = actor("Argentina's foreign ministry", "ARG", "GOV", "organ")
URY_FM = actor("Uruguay's foreign ministry", "URY", "GOV", "organ")
URY_NAVY = actor("Uruguayan navy", "URY", "MIL", "organ")
ARG_GUARD = actor("Argentine coast guard", "ARG", "POL", "organ")
FRONT = actor("River Delta Front", "ARG", "REB", "armed group")
HOSTILE = actor(HOSTILE_NAME, "ARG", "REB", "armed group")
LONG = actor(LONG_NAME, "URY", "GOV", "organ")
CREW = actor("ferry crew", "URY", "CIV", "group")
DOCKERS = actor("dockers", "URY", "CIV", "group")
ENVOY = actor("Inés Quiroga", "ARG", "GOV", "person")
UN = actor("United Nations", None, "IGO", "organisation")
EU = actor("EU", None, "IGO", "organisation")
US = actor("United States", "USA")
SOURCES = actor("unnamed sources", None, None, "unnamed")
ATTACKERS = actor("unidentified attackers", "ARG", "REB", "unnamed")


def place(
    name: str, country: str, latitude: float | None, longitude: float | None, radius: float = 15
) -> Place:
    return Place(
        id=PlaceId(make_id("place", name)), name=name, country=country, latitude=latitude, longitude=longitude,
        radius_km=radius,
    )  # fmt: skip


BAIRES = place("Buenos Aires", "ARG", -34.61, -58.38)
MONTEVIDEO = place("Montevideo", "URY", -34.9, -56.19)
COLONIA = place("Colonia del Sacramento", "URY", -34.46, -57.84)
PORT = place("Carmelo port", "URY", -34.0, -58.28)
BRASILIA = place("Brasília", "BRA", -15.79, -47.88)
GENEVA = place("Geneva", "CHE", 46.2, 6.15)
URUGUAY = place("Uruguay", "URY", -33.0, -56.0, 300)
NOWHERE = place("the sandbank", "URY", None, None)

_TEXTS: list[dict[str, Any]] = [
    {
        "url": "file:wire/ferry.txt", "outlet": "Plata Wire", "title": "Ferry shelled off Colonia; two dead",
        "published": day("2031-03-14", "given"), "genre": "report", "author": "R. Olmedo",
        "text": (
            "MONTEVIDEO, March 14 (Plata Wire). Unidentified attackers shelled a ferry off Colonia del Sacramento on "
            "Thursday, killing two people and wounding nine, Uruguay's foreign ministry said.\n\nUruguay accused "
            "Argentina of having let the gunmen use its side of the delta. Argentina's foreign ministry denied that its "
            "coast guard had fired on the ferry, and called the charge “a fable”.\n\nThe United States called on both "
            "governments to show restraint. The Uruguayan navy deployed three patrol boats facing the delta on Friday. "
            "Dockers in Montevideo went on strike for a day in protest against Argentina.\n\nIn 2019 Argentina and "
            "Uruguay signed a ferry treaty in Buenos Aires."
        ),
    },
    {
        "url": "file:wire/ferry-copy.html", "outlet": "El Faro Digital", "title": "Two killed as ferry is shelled",
        "published": day("2031-03-14", "stated"), "genre": "report", "copy_of": 0, "copy_score": 0.94,
        "syndicated_from": "Plata Wire",
        "text": (
            "MONTEVIDEO, March 14 (Plata Wire). Unidentified attackers shelled a ferry off Colonia del Sacramento on "
            "Thursday, killing two people and wounding nine, Uruguay's foreign ministry said.\n\nUruguay accused "
            "Argentina of having let the gunmen use its side of the delta."
        ),
    },
    {
        "url": "file:state/delta.txt", "outlet": "Agencia Austral", "title": "Coast guard arrests fourteen in the delta",
        "published": day("2031-03-17", "given"), "genre": "report",
        "text": (
            "The Argentine coast guard arrested 14 members of the River Delta Front on Sunday, the ministry said. "
            "The attack of 13 March killed one person, not two, Argentina said. Argentina rejected Uruguay's "
            "accusation as unfounded on 15 March. Foreign envoy Inés Quiroga visited Montevideo on 16 March and met "
            "the Uruguayan foreign minister.\n\nArgentina plans to send a second patrol flotilla on 28 March. If the "
            "ferry line does not resume, Argentina could impose sanctions on Uruguay, sources close to the "
            "government said."
        ),
    },
    {
        "url": "file:press/opinion.md", "outlet": "The River Plate Review", "title": "Stop the drift",
        "published": day("2031-03", "inferred"), "genre": "opinion", "author": "Marta Béliz",
        "text": (
            "We have been here before. In 1976 the two navies clashed over the same sandbank. This month Uruguay "
            "suspended talks on the ferry treaty, and Argentina threatened to close the canal. Brazil offered to "
            "mediate; nobody answered. The " + HOSTILE_NAME + " claimed it had bombed a buoy."
        ),
    },
    {
        "url": "https://press.example/br/2031/03/20/brasilia-talks?x=1&y=<b>", "outlet": "Folha do Porto",
        "title": "Talks in Brasília <img src=x onerror=alert(1)>", "published": day("2031-03-20", "given"),
        "genre": "report",
        "text": (
            "Argentina and Uruguay held talks in Brasília on 20 March, hosted by Brazil, and agreed to reopen the "
            "ferry line from 1 April. The EU praised Brazil. Paraguay offered to send observers. Uruguay expelled "
            "two Argentine diplomats on 18 March, before the talks. Argentina recalled its ambassador on 19 March."
        ),
    },
    {
        "url": "file:forum/thread-88.txt", "outlet": None, "title": None, "published": None, "genre": "forum",
        "text": (
            "saw the navy boats again last night!! my cousin says the front tried to mine the channel near Carmelo "
            "port but the thing sank lol. ‮evil‬ somebody also shot at a buoy tender"
        ),
    },
    {
        "url": "file:un/briefing.txt", "outlet": "UN Briefing Notes", "title": "Security Council: river incident",
        "published": day("2031-03-22", "dateline"), "genre": "brief",
        "text": (
            "GENEVA, 22 March. The United Nations condemned the shelling of the ferry and urged both states to let an "
            "inquiry in. The " + LONG_NAME.strip() + " gave the inquiry access to the wreck on 21 March. Uruguay "
            "evacuated the ferry crew to Montevideo on 14 March."
        ),
    },
    {
        "url": "file:press/april.txt", "outlet": "Plata Wire", "title": "Ferry sails again", "author": "R. Olmedo",
        "published": day("2031-04-01", "given"), "genre": "report",
        "text": (
            "The ferry between Buenos Aires and Colonia sailed again on 1 April. Uruguay released the eleven Argentine "
            "fishermen whom it had detained on 24 March. Argentina lifted the ban on Uruguayan trucks that it had "
            "imposed on 25 March. Both navies will hold joint exercises in May, the ministers announced. Uruguay "
            "denied having laid mines in the canal. Gunmen fired on a patrol boat on 26 March; nobody was hurt, two "
            "sources said, while Uruguay spoke of five wounded."
        ),
    },
    {
        "url": "file:press/none.txt", "outlet": "Gaceta del Litoral", "title": "Honey prices rise again",
        "published": day("2031-03-30", "given"), "genre": "analysis",
        "text": "Beekeepers expect a good year. Nothing in this article tells of a dispute.",
    },
]  # fmt: skip


def documents() -> tuple[Document, ...]:
    """The nine documents; pieces lie on the page after a menu, in two runs where there is a paragraph break."""
    made: list[Document] = []
    for number, row in enumerate(_TEXTS):
        text = row["text"]
        cut = text.find("\n\n") + 2 if "\n\n" in text else len(text)
        pieces = [Piece(start=0, page_span=Span(start=40, end=40 + cut))]
        if cut < len(text):
            pieces.append(Piece(start=cut, page_span=Span(start=cut + 90, end=90 + len(text))))
        made.append(
            Document(
                id=DocumentId(make_id("doc", row["url"])), page=PageId(make_id("page", row["url"])), url=row["url"],
                title=row["title"], author=row.get("author"), outlet=row["outlet"], known_at=KNOWN,
                published=row["published"], language="en", genre=row["genre"], text=text, pieces=tuple(pieces),
                copy_of=made[row["copy_of"]].id if "copy_of" in row else None, copy_score=row.get("copy_score"),
                syndicated_from=row.get("syndicated_from"),
            )
        )  # fmt: skip
        assert number == len(made) - 1
    return tuple(made)


def says(
    speaker: Actor, cue: str = "said", stance: Any = "asserts", chain: Sequence[str] = ()
) -> Attribution:
    return Attribution(speaker=speaker, cue=cue, stance=stance, chain=tuple(chain))


def count(what: str, low: int, high: int | None = None) -> Count:
    return Count(what=what, low=low, high=high if high is not None else low)


def event(
    document: Document, quote: str, type: Any, actors: Sequence[Actor] = (), recipients: Sequence[Actor] = (),
    when: When | None = None, *, trigger: str = "", status: Any = "happened", score: float = 0.87, **fields: Any,
) -> Event:  # fmt: skip
    start = document.text.index(quote)
    span = Span(start=start, end=start + len(quote))
    evidence = [Evidence(field="quote", span=span)]
    if trigger:
        at = document.text.index(trigger, start)
        evidence.append(Evidence(field="trigger", span=Span(start=at, end=at + len(trigger))))
    return Event(
        id=EventId(make_id("event", document.id, quote, type, status)), document=document.id, type=type,
        mode=fields.pop("mode", None), actors=tuple(actors), recipients=tuple(recipients), when=when,
        place=fields.pop("place", None), status=status, attribution=fields.pop("said", None),
        killed=fields.pop("killed", None), injured=fields.pop("injured", None), evidence=tuple(evidence),
        score=score, recipe="fake 1", known_at=KNOWN, **fields,
    )  # fmt: skip


def events(docs: Sequence[Document] | None = None) -> tuple[Event, ...]:
    """Some forty events with every status, stance and kind of actor."""
    return tuple(_events(docs or documents()))


def _events(docs: Sequence[Document]) -> Iterator[Event]:
    wire, copy, state, opinion, talks, forum, un, april, _ = docs
    shelling = (
        "Unidentified attackers shelled a ferry off Colonia del Sacramento on Thursday, killing two people"
    )
    for each in (wire, copy):
        yield event(
            each,
            shelling,
            "ASSAULT",
            [ATTACKERS],
            [CREW],
            day("2031-03-13", "relative"),
            trigger="shelled",
            place=COLONIA,
            killed=count("killed", 2),
            injured=count("injured", 9),
            said=says(URY_FM),
            score=0.96,
        )
        yield event(
            each,
            "Uruguay accused Argentina of having let the gunmen use its side of the delta",
            "ACCUSE",
            [URY],
            [ARG],
            day("2031-03-14", "relative"),
            trigger="accused",
            score=0.97,
        )
    yield event(
        wire,
        "Argentina's foreign ministry denied that its coast guard had fired on the ferry",
        "REJECT",
        [ARG_FM],
        [URY],
        day("2031-03-14"),
        trigger="denied",
        score=0.9,
    )
    yield event(
        wire,
        "its coast guard had fired on the ferry",
        "ASSAULT",
        [ARG_GUARD],
        [CREW],
        day("2031-03-13"),
        trigger="fired on",
        status="denied",
        place=COLONIA,
        said=says(ARG_FM, "denied", "denies", ("Agencia Austral",)),
        score=0.82,
    )
    yield event(
        wire,
        "The United States called on both governments to show restraint",
        "REQUEST",
        [US],
        [ARG, URY],
        day("2031-03-14"),
        trigger="called on",
        score=0.91,
    )
    yield event(
        wire,
        "The Uruguayan navy deployed three patrol boats facing the delta on Friday",
        "MOBILIZE",
        [URY_NAVY],
        [ARG],
        day("2031-03-14"),
        trigger="deployed",
        score=0.88,
    )
    yield event(
        wire,
        "Dockers in Montevideo went on strike for a day in protest against Argentina",
        "PROTEST",
        [DOCKERS],
        [ARG],
        day("2031-03-14", "published"),
        trigger="strike",
        place=MONTEVIDEO,
    )
    yield event(
        wire,
        "In 2019 Argentina and Uruguay signed a ferry treaty in Buenos Aires",
        "SUPPORT",
        [ARG, URY],
        (),
        day("2019"),
        trigger="signed",
        place=BAIRES,
        background=True,
    )
    yield event(
        state,
        "The Argentine coast guard arrested 14 members of the River Delta Front on Sunday",
        "COERCE",
        [ARG_GUARD],
        [FRONT],
        day("2031-03-16"),
        trigger="arrested",
        said=says(ARG_FM, "the ministry said"),
        counts=(count("arrested", 14),),
        mode="arrest",
        score=0.94,
    )
    yield event(
        state,
        "The attack of 13 March killed one person, not two",
        "ASSAULT",
        [ATTACKERS],
        [CREW],
        day("2031-03-13"),
        trigger="killed",
        killed=count("killed", 1),
        said=says(ARG),
        place=COLONIA,
    )
    yield event(
        state,
        "Argentina rejected Uruguay's accusation as unfounded on 15 March",
        "REJECT",
        [ARG],
        [URY],
        day("2031-03-15"),
        trigger="rejected",
        score=0.95,
    )
    yield event(
        state,
        "Foreign envoy Inés Quiroga visited Montevideo on 16 March",
        "CONSULT",
        [ENVOY],
        [URY],
        day("2031-03-16"),
        trigger="visited",
        place=MONTEVIDEO,
        score=0.9,
    )
    yield event(
        state,
        "Argentina plans to send a second patrol flotilla on 28 March",
        "MOBILIZE",
        [ARG],
        [URY],
        day("2031-03-28"),
        trigger="send",
        status="planned",
        score=0.8,
    )
    yield event(
        state,
        "Argentina could impose sanctions on Uruguay",
        "SANCTION",
        [ARG],
        [URY],
        None,
        trigger="sanctions",
        status="possible",
        said=says(SOURCES),
        score=0.7,
    )
    yield event(
        opinion,
        "In 1976 the two navies clashed over the same sandbank",
        "ASSAULT",
        [URY, ARG],
        (),
        day("1976"),
        trigger="clashed",
        place=NOWHERE,
        background=True,
        score=0.66,
    )
    yield event(
        opinion,
        "This month Uruguay suspended talks on the ferry treaty",
        "SANCTION",
        [URY],
        [ARG],
        day("2031-03", "relative"),
        trigger="suspended",
        score=0.84,
    )
    yield event(
        opinion,
        "Argentina threatened to close the canal",
        "THREATEN",
        [ARG],
        [URY],
        day("2031-03", "relative"),
        trigger="threatened",
        score=0.86,
    )
    yield event(
        opinion,
        "Brazil offered to mediate",
        "AGREE",
        [BRA],
        [ARG, URY],
        day("2031-03", "inferred"),
        trigger="offered",
        score=0.8,
    )
    yield event(
        opinion,
        "claimed it had bombed a buoy",
        "ASSAULT",
        [HOSTILE],
        (),
        day("2031-03", "inferred"),
        trigger="bombed",
        said=says(HOSTILE, "claimed"),
        score=0.51,
    )
    yield event(
        talks,
        "Argentina and Uruguay held talks in Brasília on 20 March",
        "CONSULT",
        [ARG, URY],
        (),
        day("2031-03-20"),
        trigger="talks",
        place=BRASILIA,
        score=0.97,
    )
    yield event(
        talks,
        "agreed to reopen the ferry line from 1 April",
        "AGREE",
        [ARG, URY],
        (),
        day("2031-03-20"),
        trigger="agreed",
        place=BRASILIA,
        score=0.93,
    )
    yield event(
        talks,
        "The EU praised Brazil",
        "SUPPORT",
        [EU],
        [BRA],
        day("2031-03-20", "published"),
        trigger="praised",
    )
    yield event(
        talks,
        "Paraguay offered to send observers",
        "AGREE",
        [PRY],
        (),
        day("2031-03", "published"),
        trigger="offered",
        score=0.77,
    )
    yield event(
        talks,
        "Uruguay expelled two Argentine diplomats on 18 March",
        "SANCTION",
        [URY],
        [ARG],
        day("2031-03-18"),
        trigger="expelled",
        mode="expel",
        score=0.95,
    )
    yield event(
        talks,
        "Argentina recalled its ambassador on 19 March",
        "SANCTION",
        [ARG],
        [URY],
        day("2031-03-19"),
        trigger="recalled",
        score=0.92,
    )
    yield event(
        forum,
        "the front tried to mine the channel near Carmelo port",
        "ASSAULT",
        [FRONT],
        (),
        None,
        trigger="mine",
        status="attempted",
        place=PORT,
        said=says(actor("my cousin", None, "CIV", "unnamed")),
        score=0.49,
    )
    yield event(
        forum,
        "somebody also shot at a buoy tender",
        "ASSAULT",
        (),
        [actor("buoy tender", None, "CIV", "group")],
        None,
        trigger="shot",
        score=0.45,
    )
    yield event(
        forum, "saw the navy boats again last night", "MOBILIZE", (), (), None, trigger="saw", score=0.3
    )
    yield event(
        un,
        "The United Nations condemned the shelling of the ferry",
        "ACCUSE",
        [UN],
        [ATTACKERS],
        day("2031-03-22"),
        trigger="condemned",
        place=GENEVA,
        score=0.9,
    )
    yield event(
        un,
        "urged both states to let an inquiry in",
        "REQUEST",
        [UN],
        [ARG, URY],
        day("2031-03-22"),
        trigger="urged",
        place=GENEVA,
        score=0.9,
    )
    yield event(
        un,
        "gave the inquiry access to the wreck on 21 March",
        "RETREAT",
        [LONG],
        [UN],
        day("2031-03-21"),
        trigger="access",
        score=0.75,
    )
    yield event(
        un,
        "Uruguay evacuated the ferry crew to Montevideo on 14 March",
        "RETREAT",
        [URY],
        [CREW],
        day("2031-03-14"),
        trigger="evacuated",
        place=MONTEVIDEO,
        score=0.88,
    )
    yield event(
        april,
        "Uruguay released the eleven Argentine fishermen",
        "RETREAT",
        [URY],
        [actor("Argentine fishermen", "ARG", "CIV", "group")],
        day("2031-04-01", "published"),
        trigger="released",
    )
    yield event(
        april,
        "whom it had detained on 24 March",
        "COERCE",
        [URY],
        [actor("Argentine fishermen", "ARG", "CIV", "group")],
        day("2031-03-24"),
        trigger="detained",
        place=URUGUAY,
        score=0.9,
    )
    yield event(
        april,
        "Argentina lifted the ban on Uruguayan trucks",
        "CONCEDE",
        [ARG],
        [URY],
        day("2031-04-01", "published"),
        trigger="lifted",
        score=0.92,
    )
    yield event(
        april,
        "that it had imposed on 25 March",
        "SANCTION",
        [ARG],
        [URY],
        day("2031-03-25"),
        trigger="imposed",
        mode="ban",
        score=0.89,
    )
    yield event(
        april,
        "Both navies will hold joint exercises in May",
        "COOPERATE",
        [ARG, URY],
        (),
        day("2031-05"),
        trigger="exercises",
        status="planned",
        said=says(actor("the ministers", None, "GOV", "group")),
        score=0.86,
    )
    yield event(
        april,
        "Uruguay denied having laid mines in the canal",
        "MOBILIZE",
        [URY],
        [ARG],
        None,
        trigger="laid",
        status="denied",
        said=says(URY, "denied", "denies"),
        score=0.72,
    )
    yield event(
        april,
        "Gunmen fired on a patrol boat on 26 March; nobody was hurt",
        "ASSAULT",
        [ATTACKERS],
        [URY_NAVY],
        day("2031-03-26"),
        trigger="fired on",
        place=PORT,
        injured=count("injured", 0),
        said=says(SOURCES),
        score=0.83,
    )
    yield event(
        april,
        "Uruguay spoke of five wounded",
        "ASSAULT",
        [ATTACKERS],
        [URY_NAVY],
        day("2031-03-26"),
        trigger="wounded",
        place=PORT,
        injured=Count(what="injured", low=5, high=None),
        said=says(URY),
        score=0.78,
    )


def many_events(number: int, documents_of: int = 60) -> tuple[tuple[Document, ...], tuple[Event, ...]]:
    """A generated world of `number` events in documents of some `documents_of` events each."""
    parties = [ARG, URY, BRA, PRY, US, UN, EU, FRONT, CREW, DOCKERS]
    types = [
        "ASSAULT",
        "ACCUSE",
        "CONSULT",
        "SANCTION",
        "AGREE",
        "THREATEN",
        "COERCE",
        "AID",
        "REJECT",
        "PROTEST",
    ]
    places = [BAIRES, MONTEVIDEO, COLONIA, PORT, BRASILIA, GENEVA, None]
    docs: list[Document] = []
    made: list[Event] = []
    for home in range(0, number, documents_of):
        size = min(documents_of, number - home)
        sentences = [
            f"On day {home + n} party {(home + n) % 10} did act {n} to party {(home * 3 + n) % 7}."
            for n in range(size)
        ]
        text = " ".join(sentences)
        url = f"file:many/{home:07}.txt"
        stamp = datetime(2031, 1, 1, tzinfo=UTC) + timedelta(days=home // documents_of % 365)
        doc = Document(
            id=DocumentId(make_id("doc", url)), page=PageId(make_id("page", url)), url=url, title=f"Report {home}",
            author=None, outlet=f"Outlet {home % 17}", known_at=KNOWN,
            published=When(earliest=stamp, latest=stamp + timedelta(hours=23), basis="given"), language="en",
            genre="report", text=text, pieces=(Piece(start=0, page_span=Span(start=0, end=len(text))),),
        )  # fmt: skip
        docs.append(doc)
        for n, sentence in enumerate(sentences):
            k = home + n
            made.append(
                event(doc, sentence, types[k % 10], [parties[k % 7]], [parties[(k * 3 + 1) % 10]],
                      When(earliest=stamp, latest=stamp + timedelta(hours=23), basis="stated"), place=places[k % 7],
                      score=0.5 + k % 50 / 100)
            )  # fmt: skip
    return tuple(docs), tuple(made)
