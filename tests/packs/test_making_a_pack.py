"""Errors with file, line and remedy; the scaffold; and docs/packs.md followed word for word."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import PackError
from detente.packs import check_pack, load_pack, new_pack
from detente.packs.loader import Draft, read_pack_folder

DOC = Path(__file__).resolve().parents[2] / "docs" / "packs.md"
HEAD = "pack:\n  name: demo\n  title: Demo\n"


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in {"pack": HEAD, **files}.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_new_pack_is_good_as_it_is(tmp_path: Path) -> None:
    folder = new_pack(tmp_path, "horn-of-africa")
    assert check_pack(folder) == []
    pack = load_pack(["horn-of-africa"], [tmp_path])
    assert pack.name == "world+horn-of-africa"
    assert pack.patron("Example Liberation Front") == "Georgia"
    assert pack.heads[1].title == "Horn Of Africa"


def test_a_new_pack_does_not_overwrite(tmp_path: Path) -> None:
    new_pack(tmp_path, "mine")
    with pytest.raises(PackError, match="not empty"):
        new_pack(tmp_path, "mine")
    for bad in ("../up", "With Blank", "", "-x"):
        with pytest.raises(PackError, match="cannot name a pack"):
            new_pack(tmp_path, bad)


def test_the_documentation_works_word_for_word(tmp_path: Path) -> None:
    text = DOC.read_text(encoding="utf-8")
    recipe = text[text.index("## A theatre in ten minutes") : text.index("## Sections")]
    blocks = [re.sub(r"(?m)^   ", "", block) for block in re.findall(r"```yaml\n(.*?)```", recipe, re.S)]
    folder = new_pack(tmp_path, "horn-of-africa")
    for block in blocks:
        name = {"actors": "actors", "places": "places", "sources": "sources", "cases": "cases"}[
            block.split(":")[0]
        ]
        (folder / f"{name}.yml").write_text(block, encoding="utf-8")
    assert check_pack(folder) == []
    pack = load_pack(["horn-of-africa"], [tmp_path])
    assert pack.patron("Reef Liberation Movement") == "Eritrea"
    assert pack.places.look_up("Ras Marjan")[0].name == "Coral Point"
    assert pack.outlet("https://www.reefobserver.example/a").name == "The Reef Observer"  # type: ignore[union-attr]
    assert [actor.name for actor in pack.candidates("Umar Example")] == ["Omar Example"]


def test_the_documented_sections_are_those_of_the_code() -> None:
    from detente.packs.loader import SECTIONS

    told = re.findall(r"(?m)^\| `(\w+)` \|", DOC.read_text(encoding="utf-8"))
    assert sorted(told) == sorted(SECTIONS)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("actors:\n  - name: A\n    cuntry: GEO\n", 2, "known fields are"),
        ("actors:\n  - name: A\n    country: Georgia\n", 2, "must look like"),
        ("actors:\n  - name: A\n    country: QQQ\n", 2, "unknown country 'QQQ'"),
        ("actors:\n  - name: A\n    sector: XYZ\n", 2, "sector"),
        ("actors:\n  - name: A\n    since: soon\n", 2, "must look like"),
        ("actors:\n  - just text\n", 2, "not a mapping"),
        ("actors: 5\n", 1, "not a list"),
        ("actors: |\n  name | country\n  A | GEO | extra\n", 3, "3 cells for 2 columns"),
        ("actors: |\n  name | country\n  # a comment\n\n  A | nowhere\n", 5, "must look like"),
        ("aktors: []\n", 1, "unknown section 'aktors'"),
        ("officials:\n  GEO:\n    president: someone since 2010\n", 3, "cannot read"),
        ("officials:\n  GEO:\n    president [ABC]: A Person 2010..\n", 3, "unknown sector"),
        ("officials:\n  QQQ:\n    president: A Person 2010..\n", 2, "unknown country"),
        ("officials: [1]\n", 1, "not a mapping"),
        (
            "relations:\n  - subject: Nobody\n    kind: proxy of\n    object: Iran\n",
            2,
            "unknown actor 'Nobody'",
        ),
        ("places:\n  - name: P\n    latitude: 95\n", 2, "latitude"),
        ("sources:\n  - name: S\n    reliability: G\n", 2, "must look like"),
        ("cases:\n  - sentence: X\n    events:\n      - type: SHOUT\n", 2, "type"),
        ("actors: [\n", 2, "not valid YAML"),
        ("- a\n", 1, "not a mapping"),
    ],
)
def test_mistakes_are_told_with_line_and_remedy(tmp_path: Path, text: str, line: int, what: str) -> None:
    problems = check_pack(write(tmp_path / "demo", actors=text))
    assert len(problems) == 1
    assert problems[0].fatal
    assert problems[0].line == line
    assert problems[0].file.endswith("actors.yml")
    assert what in str(problems[0])
    assert problems[0].remedy


def test_soft_problems_do_not_stop_loading(tmp_path: Path) -> None:
    text = "actors:\n  - name: A Group\n    sector: REB\n    parent: No Such Patron\n"
    text += "    since: '2020'\n    until: '2019'\n"
    cases = "cases:\n  - sentence: Nothing to see.\n    names: A Group\n"
    folder = write(tmp_path / "demo", actors=text, cases=cases)
    messages = [str(problem) for problem in check_pack(folder)]
    assert any("parent 'No Such Patron'" in message for message in messages)
    assert any("before it begins" in message for message in messages)
    assert any("does not find 'A Group'" in message for message in messages)
    assert not any(problem.fatal for problem in check_pack(folder))


def test_missing_packs_and_heads(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="shipped packs are south-caucasus, world"):
        load_pack(["atlantis"])
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "actors.yml").write_text("", encoding="utf-8")
    assert "no 'pack:' section" in str(check_pack(folder)[0])


def test_hostile_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "demo")
    (folder / "x.yml").write_bytes(b"\xff\xfe\x00broken")
    assert check_pack(folder)[0].fatal
    (folder / "x.yml").write_text("actors: !!python/object/apply:os.system ['true']\n", encoding="utf-8")
    check_pack(folder)
    (folder / "x.yml").write_text("[" * 20_000, encoding="utf-8")
    assert check_pack(folder)[0].fatal


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    folder = write(tmp_path / "demo", actors="actors:\n  - name: First Group\n    sector: REB\n")
    first = load_pack(["demo"], [tmp_path])
    write(folder, actors="actors:\n  - name: Second Assembled Group\n    sector: REB\n")
    second = load_pack(["demo"], [tmp_path])
    assert "Second Assembled Group" in second.actors
    assert "First Group" not in second.actors
    assert first.digest != second.digest


def test_a_theatre_adds_to_the_world(tmp_path: Path) -> None:
    text = "actors:\n  - name: Hezbollah\n    country: LBN\n    sector: REB\n    aliases: The Yellow Flag\n"
    write(tmp_path / "demo", actors=text)
    pack = load_pack(["demo"], [tmp_path])
    assert [actor.name for actor in pack.candidates("Yellow Flag")] in ([], ["Hezbollah"])
    assert "Hizbullah" in pack.actors["Hezbollah"].aliases
    assert pack.actors["Hezbollah"].parent == "Iran"


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_searched(text: str) -> None:
    matches = load_pack().aliases.find(text)
    assert all(0 <= match.start < match.end <= len(text) for match in matches)


def test_a_pack_can_be_read_alone(tmp_path: Path) -> None:
    draft = Draft()
    head = read_pack_folder(write(tmp_path / "demo"), draft)
    assert head.name == "demo"
    assert not draft.actors


def test_a_folder_of_ones_own_may_be_called_world(tmp_path: Path) -> None:
    cases = "cases:\n  - sentence: Nothing to see.\n    names: Nobody At All\n"
    problems = check_pack(write(tmp_path / "world", cases=cases))
    assert ["Nobody At All" in str(problem) for problem in problems] == [True]
