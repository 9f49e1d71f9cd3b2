"""A run over a folder of hostile files ends normally, in bounded memory, and tells of each of them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detente.desk import Desk
from detente.records import Document
from detente.settings import load_settings
from tests.hostile import write_good, write_hostile

ROOT = Path(__file__).parent.parent
MOST_BYTES = 10**9


def _memory_of_group(group: int) -> int:
    """Resident bytes of all processes of a process group: the run, its workers, and what starts them."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it has just ended
            total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if int(fields[2]) == group else 0
    return total


def _highest_memory(run: "subprocess.Popen[bytes]") -> int:
    highest = 0
    while run.poll() is None:
        highest = max(highest, _memory_of_group(run.pid))
        time.sleep(0.1)
    return highest


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc: memory cannot be measured here")
def test_a_hostile_folder_costs_only_itself(tmp_path: Path) -> None:
    good = write_good(tmp_path / "in")
    bad = write_hostile(tmp_path / "in", count=2000)
    command = [
        sys.executable,
        "-m",
        "detente",
        "read",
        str(tmp_path / "in"),
        "--desk",
        str(tmp_path / "desk"),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    run = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    assert _highest_memory(run) < MOST_BYTES
    assert run.returncode == 0
    with Desk(tmp_path / "desk", load_settings({}, desk=str(tmp_path / "desk"))) as desk:
        names = {name.removeprefix("file:").partition("#")[0] for _, name in desk.failures()}
        read = {
            document.url.removeprefix("file:").partition(".")[0] for document in desk.store.find(Document)
        }
        assert all(failure.message for failure, _ in desk.failures())
    assert names == set(bad)
    assert read == set(good)
