"""Review and watch on a desk: judgements survive re-runs, alerts come once, channels that fail are told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from detente.desk import DeskError
from detente.errors import SettingError
from detente.notify import append_alerts, call_webhook, read_raised, send_mail
from detente.records import Incident
from detente.settings import load_settings
from tests.desk_for_tests import PlainDesk, write_reports


@pytest.fixture
def desk(tmp_path: Path) -> PlainDesk:
    reports = write_reports(tmp_path / "reports", 8)
    made = PlainDesk(tmp_path / "desk", load_settings({}, desk=str(tmp_path / "desk"), jobs="1"))
    made.run([reports])
    return made


def groups(desk: PlainDesk) -> set[tuple[str, ...]]:
    return {tuple(sorted(i.events)) for i in desk.store.find(Incident)}


def test_a_judgement_stands_through_reruns_and_undone_it_leaves_no_trace(desk: PlainDesk) -> None:
    with desk:
        before = groups(desk)
        first, second = sorted(desk.store.find(Incident), key=lambda i: i.id)[:2]
        desk.merge(first.id, second.id, by="Ana", why="one quarrel")
        merged = groups(desk)
        assert tuple(sorted((*first.events, *second.events))) in merged
        with desk.store.writing() as writing:
            writing.unmark("fuse", "all")
        desk.fuse()
        assert groups(desk) == merged
        judgement = desk.judgements()[0]
        assert (judgement.by, judgement.why) == ("Ana", "one quarrel")
        desk.undo(judgement.id)
        assert groups(desk) == before
        assert desk.judgements()[0].withdrawn_at is not None
        with pytest.raises(DeskError, match="judgements begin with"):
            desk.undo("link-none")


def test_a_split_and_a_correction_hold(desk: PlainDesk) -> None:
    with desk:
        home = desk.incidents()[0] if desk.incidents() else next(desk.store.find(Incident))
        desk.correct(home.id, "killed", "2-4", by="Ana", why="hospital")
        corrected = next(i for i in desk.store.find(Incident) if home.events[0] in i.events)
        assert corrected.killed is not None
        assert (corrected.killed.low, corrected.killed.high) == (2, 4)
        if len(home.events) > 1:
            desk.split(home.events[-1], by="Ana", why="elsewhere")
            assert not any(
                {home.events[0], home.events[-1]} <= set(i.events) for i in desk.store.find(Incident)
            )


class _Catcher(BaseHTTPRequestHandler):
    caught: list[object] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.caught.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_alerts_are_raised_once_kept_and_posted(desk: PlainDesk) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Catcher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (desk.folder / "desk.toml").write_text(
        f'alert_webhook = "http://127.0.0.1:{server.server_port}/"\n'
        '[[watch]]\nname = "ferry"\ndyad = ["ARG", "URY"]\nfresh_days = 40000\n',
        encoding="utf-8",
    )
    desk.close()
    again = PlainDesk(desk.folder, load_settings({}, desk=str(desk.folder), jobs="1"))
    with again:
        alerts, problems = again.watch()
        assert alerts
        assert problems == ()
        assert again.watch()[0] == ()
    assert len(_Catcher.caught[0]) == len(alerts)  # type: ignore[arg-type]
    kept = read_raised(again.folder / "alerts.jsonl")
    assert set(kept) == {alert.id for alert in alerts}
    append_alerts(again.folder / "alerts.jsonl", ())
    server.shutdown()


def test_channels_that_fail_say_so(desk: PlainDesk) -> None:
    with desk:
        assert "failed" in (call_webhook("http://127.0.0.1:9/", []) or "")
        assert "failed" in (send_mail("smtp://127.0.0.1:9", ["a@example.org"], []) or "")
        with pytest.raises(SettingError, match="http or https"):
            call_webhook("file:///etc/passwd", [])
        with pytest.raises(SettingError, match="smtp://"):
            send_mail("ftp://x", ["a@example.org"], [])


def test_the_second_brief_tells_what_changed_and_made_again_is_the_same(desk: PlainDesk, tmp_path: Path) -> None:
    with desk:
        first = desk.brief().brief
        assert first.previous is None
        later = tmp_path / "later"
        later.mkdir()
        (later / "new.txt").write_text(
            "Harbour quarrel\n\n12 May 2031\n\nParaguay sanctioned Uruguay over the harbour on 11 May 2031. "
            "Nobody had expected so much, and the ferries kept to their berths until the evening of that day.\n",
            encoding="utf-8",
        )
        second = desk.run([later])
        assert second.brief.previous == first.id
        new = [line.text for section in second.brief.sections if section.title.startswith("New since") for line in section.lines]
        assert len(new) == 1
        assert "Paraguay" in new[0]
        files = [path.read_bytes() for path in second.files]
        assert [path.read_bytes() for path in desk.brief().files] == files


def test_narratives_and_relations_can_be_asked_for(desk: PlainDesk) -> None:
    with desk:
        narratives, synchrony = desk.narratives()
        told = desk.documents_of(narratives)
        assert all(telling.document in told for each in narratives for telling in each.tellings)
        assert all(pair.p_value is None or 0 < pair.p_value <= 1 for pair in synchrony)
        assert desk.relations(["Uruguay"]) == ()
