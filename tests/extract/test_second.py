"""The second reader, against a real HTTP server of the protocol: what it says counts only if the text bears it out."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from detente.desk import Desk
from detente.engines.second_reader import KEY_VARIABLE, MOST_BYTES, AnswerError, SecondReader
from detente.errors import ExtractError, SettingError
from detente.extract import extract_events
from detente.extract.second import Asked, join_opinions, propose_events
from detente.records import Document, Event, Failure
from detente.settings import load_settings
from tests.extract.reading import article, engines, pack, spans

TEXT = "Brazil rejected a proposal by Argentina. The harbour was calm.\n\nPeru scolded Chile at length."
HONEST = {
    "quote": "Peru scolded Chile at length", "word": "scolded", "type": "ACCUSE", "status": "happened",
    "actors": ["Peru"], "recipients": ["Chile"],
}  # fmt: skip
AGREED = {
    "quote": "Brazil rejected a proposal by Argentina.", "word": "rejected", "type": "REJECT", "status": "happened",
    "actors": ["Brazil"], "recipients": ["Argentina"],
}  # fmt: skip


class Endpoint(ThreadingHTTPServer):
    """A server of the chat protocol whose answer a test sets."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.answer: Callable[[Handler], None] = says([])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body) | {"path": self.path})
        self.server.keys.append(self.headers["Authorization"])
        try:
            self.server.answer(self)
        except OSError:
            self.close_connection = True  # the reader had enough

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def content(text: object) -> Callable[[Handler], None]:
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
    return lambda handler: handler.reply(body)


def says(events: object) -> Callable[[Handler], None]:
    return content(json.dumps({"events": events}))


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def reader(endpoint: Endpoint, seconds: float = 5) -> Asked:
    return SecondReader(url=endpoint.url, model="small-one", seconds=seconds)


def propose(endpoint: Endpoint, text: str = TEXT, seconds: float = 5) -> tuple[Event, ...]:
    return propose_events(article(text), pack(), engines(), reader(endpoint, seconds))


def test_what_the_text_bears_out_is_kept(endpoint: Endpoint) -> None:
    endpoint.answer = says([HONEST])
    (event,) = propose(endpoint)
    assert (event.type, event.status, event.attribution) == ("ACCUSE", "happened", None)
    assert [a.name for a in event.actors] == ["Peru"]
    assert [a.name for a in event.recipients] == ["Chile"]
    assert TEXT[event.quote.start : event.quote.end] == HONEST["quote"]
    assert all(TEXT[s.start : s.end] for s in spans(event))
    assert event.recipe.endswith("+second-small-one")
    asked = endpoint.asked[0]
    assert (asked["path"], asked["model"]) == ("/v1/chat/completions", "small-one")
    assert asked["messages"][1] == {"role": "user", "content": TEXT}


@pytest.mark.parametrize(
    "lie",
    [
        {"quote": "Peru invaded Chile"},
        {"quote": "peru scolded chile at length"},
        {"quote": ""},
        {"quote": None},
        {"quote": ["Peru scolded Chile at length"]},
        {"type": "INVADE"},
        {"type": []},
        {"status": "rumoured"},
        {"word": "invaded"},
        {"word": 7},
        {"actors": ["Bolivia"]},
        {"actors": ["Brazil"]},
        {"actors": "Peru"},
        {"actors": []},
        {"actors": [{}, None, " "]},
    ],
    ids=str,
)
def test_a_lie_is_dropped_and_the_truth_beside_it_kept(endpoint: Endpoint, lie: dict[str, object]) -> None:
    endpoint.answer = says([HONEST | lie, HONEST])
    (event,) = propose(endpoint)
    assert [a.name for a in event.actors] == ["Peru"]
    assert event.reasons[-1].detail == "1"
    endpoint.answer = says([HONEST | lie])
    with pytest.raises(ExtractError, match="nothing of the 1 proposals"):
        propose(endpoint)


def test_a_recipient_that_the_quote_does_not_name_is_left_out(endpoint: Endpoint) -> None:
    endpoint.answer = says([HONEST | {"recipients": ["Argentina", "Peru"]}])
    (event,) = propose(endpoint)
    assert event.recipients == ()


@pytest.mark.parametrize(
    "answer",
    [
        content("I am sorry, but"),
        content(None),
        content("[" * 100_000),
        content('{"events": 7}'),
        content('{"events": {"quote": "x"}}'),
        content("7"),
        lambda h: h.reply(b"not json"),
        lambda h: h.reply(b"\xff\xfe"),
        lambda h: h.reply(b'{"choices": []}'),
        lambda h: h.reply(b"[]"),
        lambda h: h.reply(b"", 500),
        lambda h: h.reply(b"", 401),
        lambda h: h.reply(b"", 302, Location="file:///etc/passwd"),
        lambda h: h.reply(b" " * (MOST_BYTES + 1)),
        lambda h: h.wfile.write(b"garbage without a status\r\n\r\n"),
        lambda h: h.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"),
    ],
)
def test_a_malformed_answer_is_a_failure_with_a_reason(endpoint: Endpoint, answer: Callable[[Handler], None]) -> None:
    endpoint.answer = answer
    with pytest.raises(ExtractError, match="second reader"):
        propose(endpoint)


def test_a_code_fence_is_forgiven(endpoint: Endpoint) -> None:
    endpoint.answer = content("```json\n" + json.dumps({"events": [HONEST]}) + "\n```")
    assert len(propose(endpoint)) == 1


def drip(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(50):
        handler.wfile.write(b" ")
        time.sleep(0.05)


@pytest.mark.parametrize("slow", [lambda h: time.sleep(2), drip])
def test_a_slow_answer_is_not_waited_for(endpoint: Endpoint, slow: Callable[[Handler], None]) -> None:
    endpoint.answer = slow
    start = time.monotonic()
    with pytest.raises(AnswerError):
        reader(endpoint, 0.3).ask("task", "text")
    assert time.monotonic() - start < 1.5


def test_nobody_there_is_a_failure_too(endpoint: Endpoint) -> None:
    gone = SecondReader(url="http://127.0.0.1:9/v1", model="m", seconds=1)
    with pytest.raises(ExtractError, match="cannot be reached"):
        propose_events(article(TEXT), pack(), engines(), gone)


def test_the_key_comes_from_the_environment_and_goes_nowhere_else(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.answer = says([HONEST])
    propose(endpoint)
    monkeypatch.setenv(KEY_VARIABLE, "hush-hush")
    (event,) = propose(endpoint)
    assert endpoint.keys == [None, "Bearer hush-hush"]
    assert "hush" not in repr(event) + repr(reader(endpoint))
    endpoint.answer = lambda h: h.reply(b"", 307, Location=f"{endpoint.url}/elsewhere")
    with pytest.raises(ExtractError, match="HTTP status 307"):
        propose(endpoint)
    assert len(endpoint.asked) == 3


@pytest.mark.parametrize(("url", "model"), [("file:///etc/passwd", "m"), ("localhost", "m"), ("http://localhost/v1", "")])
def test_wrong_settings_are_named(url: str, model: str) -> None:
    with pytest.raises(SettingError, match="second_reader"):
        SecondReader(url=url, model=model, seconds=1)


def test_other_languages_are_not_sent(endpoint: Endpoint) -> None:
    document: Document = article("Peru hat Chile beschimpft.", language="de")
    assert propose_events(document, pack(), engines(), reader(endpoint)) == ()
    assert endpoint.asked == []


def test_opinions_are_joined_without_doubles_and_anew_each_time(endpoint: Endpoint) -> None:
    first = extract_events(article(TEXT), pack(), engines())
    rejected = next(e for e in first if e.type == "REJECT")
    endpoint.answer = says([AGREED, HONEST | {"type": "PROTEST"}])
    second = propose(endpoint)
    joined = join_opinions(first, second)
    assert join_opinions(joined, second) == joined
    assert len({e.id for e in joined}) == len(joined) == len(first) + 1
    opinion = next(e for e in joined if e.id == rejected.id).reasons[-1]
    assert opinion.feature == "second reader: agrees"
    assert replace(rejected, reasons=()) == replace(next(e for e in joined if e.id == rejected.id), reasons=())
    alone = next(e for e in join_opinions([rejected], second[1:]) if e.id == rejected.id)
    assert alone.reasons[-1].feature == "second reader: does not tell of it"


def test_a_desk_asks_only_where_it_is_told_to_and_survives_the_answer(endpoint: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Talks\n\n3 March 2021\n\n" + TEXT + " The harbour was calm and the sea was flat." * 5)
    told: dict[str, object] = {"second_reader_url": endpoint.url, "second_reader_model": "small-one", "jobs": 1}
    with Desk(tmp_path / "desk", load_settings({}, desk=str(tmp_path / "desk"), jobs=1)) as desk:
        desk.read([tmp_path / "in"])
        desk.extract()
        plain = {e.id for e in desk.store.find(Event)}
    assert not endpoint.asked
    settings = load_settings({}, desk=str(tmp_path / "desk"), **told)
    with Desk(tmp_path / "desk", settings) as desk:
        endpoint.answer = content("no")
        desk.extract()
        assert {e.id for e in desk.store.find(Event)} == plain
        assert [f.stage for f in desk.store.find(Failure)] == ["second"]
        endpoint.answer = says([HONEST | {"type": "PROTEST"}])
        desk.settings = replace(settings, retry=True)
        desk.extract()
        assert len({e.id for e in desk.store.find(Event)} - plain) == 1
        assert not list(desk.store.find(Failure))
    with Desk(tmp_path / "desk", load_settings({}, desk=str(tmp_path / "desk"), jobs=1)) as desk:
        desk.extract()
        assert {e.id for e in desk.store.find(Event)} == plain
