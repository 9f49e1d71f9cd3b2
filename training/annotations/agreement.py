"""How far two annotators who worked apart agree: F1 found, typed, who and full.

Run as `python training/annotations/agreement.py --shared ../shared`; the measure is that of
gold/score.py under `--shared`.
"""

import argparse
import importlib.util
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from training.annotations import FOLDER, load


def scorer(shared: Path) -> Any:
    """The module gold/score.py of the shared data."""
    path = shared / "gold" / "score.py"
    if not path.is_file():
        sys.exit(f"the gold scorer is not at {path}")
    spec = importlib.util.spec_from_file_location("gold_score", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def agreement(first: Path, second: Path, shared: Path) -> dict[str, Any]:
    """The scorer's figures with the first annotator as gold, over articles that both marked."""
    texts = shared / "data" / "newswire"
    twos = {item["doc"]: item for item in load(second, texts)}
    ones = {item["doc"]: item for item in load(first, texts) if item["doc"] in twos}
    twos = {doc: item for doc, item in twos.items() if doc in ones}
    if not ones:
        sys.exit("no article has been marked twice")
    with tempfile.TemporaryDirectory() as folder:
        for doc, item in ones.items():
            Path(folder, doc + ".txt").write_text(item["text"], encoding="utf-8")
        figures: dict[str, Any] = scorer(shared).score(ones, twos, folder)
    return figures


def main() -> None:
    """Prints the agreement of the annotators on the articles of both folders."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--first", type=Path, default=FOLDER)
    parser.add_argument("--second", type=Path, default=FOLDER / "second")
    args = parser.parse_args()
    for key, value in agreement(args.first, args.second, args.shared).items():
        if key != "splitting":
            print(f"{key:20} {value}")


if __name__ == "__main__":
    main()
