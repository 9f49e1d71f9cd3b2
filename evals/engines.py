"""`engines --speed`: how fast the engines are, on one thread.

Keys: `words_per_s` (raw news text to annotations, in the best of the runs; `words_per_s_worst` in
the worst) and `pairs_per_s` (marked pairs classified; null while no classifier is shipped) count
the seconds that the process had a core, so that other work on the machine does not lower them;
`words_per_s_wall` counts seconds of the clock. `load_s` (imports and weights of both, in a fresh
process, by the clock), `memory_mb` (the most that process held), `weights_mb`, `words`.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
WORDS = 60_000


def main(argv: list[str]) -> dict[str, object]:
    """Speed, measured in a process of its own that has one thread."""
    parser = argparse.ArgumentParser(prog="python -m evals engines", description=__doc__)
    parser.add_argument("--speed", action="store_true", required=True)
    parser.add_argument(
        "--texts", type=Path, default=Path("../shared/data/newswire"), help="folder of plain text"
    )
    parser.add_argument("--repeat", type=int, default=3, help="the best of so many runs counts")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.here:
        return _measure(options.texts, options.repeat)
    command = [sys.executable, "-m", "evals", "engines", "--speed", "--here", "--json"]
    command += ["--texts", str(options.texts), "--repeat", str(options.repeat)]
    answer = subprocess.run(command, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise SystemExit(answer.stderr.strip() or f"{command}: failed")
    figures: dict[str, object] = json.loads(answer.stdout.splitlines()[-1])
    return figures


def _measure(folder: Path, repeat: int) -> dict[str, object]:
    texts = news_texts(folder)
    begin = time.perf_counter()
    from detente import engines

    annotator = engines.load_annotator()
    classifier = _classifier(engines)
    load_s = time.perf_counter() - begin
    speeds, on_the_wall = list[float](), list[float]()
    for _ in range(repeat):
        begin, wall = time.process_time(), time.perf_counter()
        words = sum(len(annotation) for annotation in annotator.annotate(texts))
        speeds.append(words / (time.process_time() - begin))
        on_the_wall.append(words / (time.perf_counter() - wall))
    return {
        "words_per_s": round(max(speeds)),
        "words_per_s_worst": round(min(speeds)),
        "words_per_s_wall": round(max(on_the_wall)),
        "pairs_per_s": _pairs_per_s(classifier, annotator, texts, repeat),
        "load_s": round(load_s, 2),
        "memory_mb": _memory_mb(),
        "weights_mb": _weights_mb(),
        "words": words,
    }


def news_texts(folder: Path) -> list[str]:
    """Plain news texts of some `WORDS` words; a made text where the folder is absent."""
    texts, count = list[str](), 0
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if count < WORDS and not text.startswith("{\\rtf"):
            texts.append(text)
            count += len(text.split())
    return texts or [_MADE * 12] * 60


_MADE = (
    "The foreign minister of Norland told reporters on Tuesday that talks with the Southern League "
    "would go on. “We have agreed to exchange 14 prisoners,” he said, adding that shelling near the port "
    "of Velm had stopped.\n\n"
)


def _classifier(engines: object) -> object | None:
    load = getattr(engines, "load_relations", None)
    return load() if load else None


def _pairs_per_s(
    classifier: object | None, annotator: object, texts: Sequence[str], repeat: int
) -> float | None:
    """Marked pairs of real sentences a second; the parties are a sentence's first and last names."""
    if classifier is None:
        return None
    pairs = _pairs(annotator, texts)
    speeds = []
    for _ in range(repeat):
        begin = time.process_time()
        classifier.classify(pairs)  # type: ignore[attr-defined]
        speeds.append(len(pairs) / (time.process_time() - begin))
    return round(max(speeds), 1)


def _pairs(annotator: object, texts: Sequence[str], most: int = 600) -> list[object]:
    from detente.engines import MarkedPair

    pairs: list[object] = []
    for annotation in annotator.annotate(texts):  # type: ignore[attr-defined]
        for start, end in annotation.sentences:
            inside = [e for e in annotation.entities if start <= e.start and e.end <= end]
            if len(inside) > 1 and len(pairs) < most:
                left, right = annotation.span(start, end)
                ranges = [annotation.span(e.start, e.end) for e in (inside[0], inside[-1])]
                (a, b), (c, d) = ((x - left, y - left) for x, y in ranges)
                pairs.append(MarkedPair(annotation.text[left:right], (a, b), (c, d)))
    return pairs


def _memory_mb() -> int | None:
    if importlib.util.find_spec("resource") is None:
        return None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _weights_mb() -> float:
    import detente

    models = Path(str(detente.__file__)).parent / "models"
    return round(sum(p.stat().st_size for p in models.rglob("*") if p.is_file()) / 1e6, 1)
