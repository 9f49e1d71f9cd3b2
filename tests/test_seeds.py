"""What our own reading of the pages of the first theatre must show; the pages lie beside the checkout."""

from pathlib import Path

import pytest

from detente.desk import Desk
from detente.settings import load_settings

SEEDS = Path(__file__).resolve().parents[2] / "shared/seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"{SEEDS} is not there")


def test_the_embassy_attack_is_one_incident_of_two_pages(tmp_path: Path) -> None:
    """With the dispute about its motive in both sides' words, and the accusations that speak of it."""
    settings = load_settings({}, desk=str(tmp_path), packs="south-caucasus", known_at="2026-03-01", jobs=1)
    with Desk(tmp_path, settings) as desk:
        desk.run([SEEDS])
        view = desk.compose()
    attacks = [
        entry for entry in view.entries
        if entry.type == "ASSAULT" and entry.incident and any("stormed by a gunman" in c.quote for c in entry.line.citations)
    ]  # fmt: skip
    assert len(attacks) == 1
    attack = attacks[0]
    assert len({c.document for c in attack.line.citations}) >= 2
    dispute = next(d for d in view.disputes if attack.id in d.entries and "motive" in d.about)
    words = " ".join(line.text for line in dispute.lines)
    assert "personal" in words
    assert "terrorism" in words
    ledger = next(ledger for ledger in view.ledgers if ledger.entry.id == attack.id)
    assert "ACCUSE" in {entry.type for entry in ledger.words}
