"""`python -m evals gate [--raise] [--only NAME,…]`: every stage's figures against the floors of floors.json.

A check whose corpus is absent is skipped by name; one whose corpus has another digest fails, since its
floor would mean nothing. `--raise` writes figures that are better than their floors, less the margin
of the check; a floor is never lowered here.
"""

import argparse
import contextlib
import hashlib
import importlib
import io
import json
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).parent / "floors.json"


def digest_of(paths: list[Path]) -> str | None:
    """Give the digest of all files of a corpus, None where any of it is absent."""
    sha = hashlib.sha256()
    for path in paths:
        if not path.exists():
            return None
        for file in sorted(p for p in (path.rglob("*") if path.is_dir() else [path]) if p.is_file()):
            sha.update(file.name.encode())
            sha.update(file.read_bytes())
    return sha.hexdigest()[:16]


def value_at(figures: dict[str, Any], key: str) -> float:
    """Give the figure under a dotted key."""
    found: Any = figures
    for part in key.split("/"):
        found = found[part]
    return float(found)


def run_check(check: dict[str, Any], shared: str, raise_floors: bool) -> tuple[str, bool]:
    """Run one check; give its line and whether it held. Raised floors are written into `check`."""
    fill = [part.replace("SHARED", shared) for part in check["args"]]
    found = digest_of([Path(part.replace("SHARED", shared)) for part in check["corpus"]])
    if found is None:
        return f"skipped: {', '.join(check['corpus'])} is absent", True
    if raise_floors:
        check["digest"] = found
    if found != check["digest"]:
        return f"the corpus has digest {found}, the floors were measured on {check['digest']}", False
    with contextlib.redirect_stdout(io.StringIO()):
        figures = importlib.import_module(f"evals.{check['stage']}").main(fill)
    lines, held = [], True
    for key, floor in check["floors"].items():
        value = value_at(figures, key)
        if raise_floors and value - check["margin"] > floor:
            check["floors"][key] = floor = round(value - check["margin"], 3)
        held &= value >= floor
        lines.append(f"{key} {value:.3f} (floor {floor:.3f}{'' if value >= floor else ', NOT HELD'})")
    return "; ".join(lines), held


def main(argv: list[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="python -m evals gate", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--shared", default="../shared")
    parser.add_argument("--raise", dest="raise_floors", action="store_true")
    parser.add_argument("--only", default="", help="names of checks, comma-separated")
    args = parser.parse_args(argv)
    checks = json.loads(FLOORS.read_text(encoding="utf-8"))
    wanted = set(filter(None, args.only.split(",")))
    failed = []
    figures: dict[str, object] = {}
    for name, check in checks.items():
        if wanted and name not in wanted:
            continue
        line, held = run_check(check, args.shared, args.raise_floors)
        print(f"{'ok  ' if held else 'FAIL'} {name}: {line}", flush=True)
        figures[name] = line
        failed += [] if held else [name]
    if args.raise_floors:
        FLOORS.write_text(json.dumps(checks, indent=1) + "\n", encoding="utf-8")
    if failed:
        raise SystemExit(f"floors not held: {', '.join(failed)}")
    return {"checks": len(figures), "held": True}
