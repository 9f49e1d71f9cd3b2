"""The hand-written sentences have the promised form, and the check notices when they have not."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "training" / "sentences" / "check.py"


def load_check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sentences_check", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


check = load_check()
GOOD = check.Row(
    id="x1", marked_sentence="<s>Chile</s> met <t>Peru</t>.", type="CONSULT", mode="phone",
    status="happened", note="plain", file="x-01.tsv", line=2,
)  # fmt: skip


def all_rows() -> list:
    return [row for path in check.sentence_files() for row in check.read_rows(path)]


def test_shipped_sentences_have_no_defect_of_form() -> None:
    assert check.form_problems(all_rows()) == []


def test_every_type_and_every_status_is_there() -> None:
    rows = all_rows()
    assert {row.type for row in rows} >= set(check.MODES) - {"NONE"}
    events = [row for row in rows if row.type != "NONE"]
    for status in check.STATUSES:
        assert sum(row.status == status for row in events) >= 0.08 * len(events), status


@pytest.mark.parametrize(
    "marked",
    ["<s>Chile</s> met Peru.", "<s>Chile <t>Peru</s></t>.", "<s>A <t>B</t></s>", "<s></s> met <t>Peru</t>.",
     "<s>Chile</s> <s>met</s> <t>Peru</t>.", "<s>Chile </s>met <t>Peru</t>."],
)  # fmt: skip
def test_bad_marks_are_found(marked: str) -> None:
    assert check.mark_problems(marked)


def test_good_row_passes() -> None:
    assert check.form_problems([GOOD]) == []


@pytest.mark.parametrize(
    "change",
    [{"type": "MEET"}, {"mode": "beat"}, {"status": ""}, {"status": "maybe"}, {"type": "NONE", "mode": ""},
     {"id": ""}, {"note": ""}, {"marked_sentence": "<s>A</s>  met <t>B</t>"}],
)  # fmt: skip
def test_bad_labels_are_found(change: dict[str, str]) -> None:
    assert check.form_problems([replace(GOOD, **change)])


def test_copies_are_found() -> None:
    assert check.form_problems([GOOD, GOOD])
    assert check.form_problems([GOOD, replace(GOOD, id="x2")])


def test_file_without_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x-01.tsv"
    path.write_text("x1\t<s>A</s> <t>B</t>\tNONE\t\t\tn\n", encoding="utf-8")
    with pytest.raises(ValueError, match="columns"):
        check.read_rows(path)


def test_kappa_of_known_table() -> None:
    first = ["y"] * 25 + ["n"] * 25
    second = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert check.kappa(first, second) == pytest.approx(0.4)
    assert check.kappa(first, first) == 1.0


def test_agreement_counts_type_and_status_apart() -> None:
    rows = [GOOD, replace(GOOD, id="x2", type="NONE", mode="", status=""), replace(GOOD, id="x3")]
    second = {"x1": ("CONSULT", "planned"), "x2": ("NONE", ""), "x3": ("CONSULT", "happened")}
    report = check.agreement(rows, second)
    assert report["type_raw"] == 1.0
    assert report["status_raw"] == 0.5
    assert len(check.disagreements(rows, second)) == 1


def test_relabelled_tenth_depends_on_the_id_alone() -> None:
    rows = [replace(GOOD, id=f"x{n}") for n in range(1000)]
    chosen = check.to_relabel(rows)
    assert 50 < len(chosen) < 150
    assert chosen == check.to_relabel(list(rows))
