import gzip
import json
import os
from pathlib import Path

import pytest

from detente.collect import CollectLimits, guess_media_type, open_paths
from detente.errors import CollectError
from detente.records import Failure, Page


def collect(*paths: Path, limits: CollectLimits | None = None) -> tuple[list[Page], list[Failure]]:
    _, items = open_paths(paths, limits)
    found = list(items)
    return [item for item in found if isinstance(item, Page)], [
        item for item in found if isinstance(item, Failure)
    ]


def test_files_come_sorted_with_relative_urls(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.txt", "a.txt", "b/c.md"):
        (tmp_path / name).write_text("text")
    pages, failures = collect(tmp_path)
    assert [page.url for page in pages] == ["file:a.txt", "file:z.txt", "file:b/c.md"]
    assert failures == []


def test_pages_are_the_same_wherever_the_folder_lies(tmp_path: Path) -> None:
    for place in ("here", "there"):
        folder = tmp_path / place / "reports"
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text("text")
        os.utime(folder / "a.txt", (1_700_000_000, 1_700_000_000))
    assert collect(tmp_path / "here" / "reports") == collect(tmp_path / "there" / "reports")


def test_a_file_may_be_given_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    sources, items = open_paths([tmp_path / "a.txt"])
    assert sources[0].kind == "file"
    assert [item.url for item in items if isinstance(item, Page)] == ["file:a.txt"]


def test_a_path_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(CollectError, match="no such file"):
        open_paths([tmp_path / "nothing"])


def test_json_lines_are_a_page_each(tmp_path: Path) -> None:
    lines = [json.dumps({"text": "one"}), "", json.dumps({"text": "two"})]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    pages, _ = collect(tmp_path)
    assert [page.url for page in pages] == ["file:a.jsonl#1", "file:a.jsonl#3"]


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"text"))
    pages, _ = collect(tmp_path)
    assert (pages[0].body, pages[0].media_type) == (b"text", "text/plain")


def test_bombs_and_giants_are_stopped_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "bomb.txt.gz").write_bytes(gzip.compress(b"x" * 5_000_000))
    (tmp_path / "giant.txt").write_bytes(b"x" * 5_000_000)
    (tmp_path / "line.jsonl").write_bytes(b"x" * 5_000_000 + b"\n" + b'{"text": "y"}')
    pages, failures = collect(tmp_path, limits=CollectLimits(page_bytes=1_000_000))
    assert pages == []
    assert len(failures) == 3
    assert all("split it" in failure.message for failure in failures)


def test_links_in_a_circle_and_to_nowhere_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "circle").symlink_to(".")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    (tmp_path / "self.txt").symlink_to("self.txt")
    pages, failures = collect(tmp_path)
    assert [page.url for page in pages] == ["file:a.txt"]
    assert {failure.subject for failure in failures} == {"file:circle", "file:gone.txt", "file:self.txt"}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "given"
    inside.mkdir()
    (inside / "a.txt").write_text("text")
    (tmp_path / "private.txt").write_text("not given")
    (inside / "up").symlink_to("..")
    pages, failures = collect(inside)
    assert [page.url for page in pages] == ["file:a.txt"]
    assert [failure.subject for failure in failures] == ["file:up"]
    assert "leads out" in failures[0].message


def test_a_file_that_vanishes_while_reading_is_told(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("text")
    _, items = open_paths([tmp_path])
    next(items)
    (tmp_path / "b.txt").unlink()
    rest = list(items)
    assert isinstance(rest[0], Failure)
    assert "is gone" in rest[0].message


def test_unknown_kinds_and_empty_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    (tmp_path / "b.txt").write_bytes(b"")
    _, failures = collect(tmp_path)
    assert [failure.stage for failure in failures] == ["collect", "collect"]
    assert ".txt" in failures[0].message
    assert "empty" in failures[1].message


def test_hidden_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".hidden.txt").write_text("x")
    assert collect(tmp_path) == ([], [])


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    _, failures = collect(tmp_path)
    assert "not a regular file" in failures[0].message


def test_failures_have_the_same_id_each_time(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    assert collect(tmp_path)[1] == collect(tmp_path)[1]


@pytest.mark.parametrize(
    ("name", "media_type", "packed"),
    [
        ("A.HTM", "text/html", False),
        ("a.html.gz", "text/html", True),
        ("a.gz", None, True),
        ("a", None, False),
    ],
)
def test_media_types(name: str, media_type: str | None, packed: bool) -> None:
    assert guess_media_type(name) == (media_type, packed)
