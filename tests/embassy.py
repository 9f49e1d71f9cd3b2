"""What a brief of the pages of the first theatre must show of the attack of 27 January 2023."""

from detente.publish import BriefView


def check_embassy_attack(view: BriefView) -> None:
    """One incident of two pages, the dispute about its motive in both sides' words, the accusations that speak of it."""
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
