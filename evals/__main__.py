"""`python -m evals STAGE [--json] …`: run one stage's measurement and print its figures."""

import importlib
import json
import sys
from pathlib import Path

STAGES = sorted(
    path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_") and path.stem != "gold"
)


def print_figures(figures: dict[str, object], indent: str = "") -> None:
    """Print figures a line each; nested ones are indented."""
    for key, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{key}:")
            print_figures(value, indent + "  ")
        else:
            print(f"{indent}{key:34} {value}")


def main(argv: list[str]) -> int:
    """Dispatch to `evals.<stage>.main(argv)`; `--json` prints one JSON object."""
    if not argv or argv[0] in ("-h", "--help") or argv[0] not in STAGES:
        print(f"usage: python -m evals STAGE [--json] …\nstages: {', '.join(STAGES)}\nkeys: evals/README.md")
        return 0 if argv[:1] in (["-h"], ["--help"]) else 2
    as_json = "--json" in argv
    figures = importlib.import_module(f"evals.{argv[0]}").main([a for a in argv[1:] if a != "--json"])
    print(json.dumps(figures)) if as_json else print_figures(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
