"""What our own reading of the pages of the first theatre must show; the pages lie beside the checkout."""

from pathlib import Path

import pytest

from detente.desk import Desk
from detente.settings import load_settings
from tests.embassy import check_embassy_attack

SEEDS = Path(__file__).resolve().parents[2] / "shared/seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"{SEEDS} is not there")


def test_the_embassy_attack_is_one_incident_of_two_pages(tmp_path: Path) -> None:
    """With the dispute about its motive in both sides' words, and the accusations that speak of it."""
    settings = load_settings({}, desk=str(tmp_path), packs="south-caucasus", known_at="2026-03-01", jobs=1)
    with Desk(tmp_path, settings) as desk:
        desk.run([SEEDS])
        view = desk.compose()
    check_embassy_attack(view)
