"""Words for probabilities, as Intelligence Community Directive 203 (ODNI, 2015) sets them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """One band of the table: its words and its bounds in hundredths."""

    words: str
    least: float
    most: float


ICD_203 = (
    Likelihood(words="almost no chance", least=0.01, most=0.05),
    Likelihood(words="very unlikely", least=0.05, most=0.20),
    Likelihood(words="unlikely", least=0.20, most=0.45),
    Likelihood(words="roughly even chance", least=0.45, most=0.55),
    Likelihood(words="likely", least=0.55, most=0.80),
    Likelihood(words="very likely", least=0.80, most=0.95),
    Likelihood(words="almost certain", least=0.95, most=0.99),
)


def likelihood_words(probability: float) -> str:
    """Give the words for a probability; a bound belongs to the band that lies farther from even.

    The directive leaves 0-1 % and 99-100 % without words; they take those of the nearest band.
    Raises ValueError outside 0-1.
    """
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"a probability lies between 0 and 1, not at {probability}")
    if probability >= 0.5:
        return next(band.words for band in reversed(ICD_203) if probability >= band.least)
    return next(band.words for band in ICD_203 if probability <= band.most)
