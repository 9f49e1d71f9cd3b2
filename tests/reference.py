"""The generated pages of docs/reference; `python -m tests.reference` writes them, a test compares them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from detente.cli import app
from detente.settings import describe_settings

FOLDER = Path(__file__).parent.parent / "docs" / "reference"


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    for word, inner in getattr(command, "commands", {}).items():
        if hasattr(inner, "commands"):
            yield from _commands(inner, f"{name} {word}")
        else:
            yield f"{name} {word}", inner


def _parameter(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        name = parameter.metavar or parameter.name.upper()
    else:
        name = " / ".join([*parameter.opts, *parameter.secondary_opts])
    return f"- `{name}`: {parameter.help}\n"


def describe_commands() -> str:
    """Give docs/reference/commands.md, made from the command line itself."""
    parts = ["# Commands\n\nMade from `src/detente/cli.py` by `make reference`; do not edit.\n"]
    for name, command in _commands(typer.main.get_command(app), "detente"):
        shown = [_parameter(p) for p in command.params if p.name != "help"]
        example = f"\n`{command.epilog.removeprefix('Example:').strip()}`\n" if command.epilog else ""
        parts.append(f"\n## {name}\n\n{command.help}\n{example}\n{''.join(shown)}")
    parts.append(
        "\n## Exit codes\n\n- 0: done; single failures are counted and listed by `detente failures`\n"
        "- 1: it could not be done; one line says why and what to do\n- 2: wrong usage\n"
        "- 130: interrupted; nothing is lost, run the same command again\n"
    )
    return "".join(parts)


PAGES = {"settings.md": describe_settings, "commands.md": describe_commands}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for page, describe in PAGES.items():
        (FOLDER / page).write_text(describe(), encoding="utf-8")
