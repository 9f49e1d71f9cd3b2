"""`python -m training.fuse.words --shared DIR`: how often stems stand in news, for data/fuse/words.tsv.

Counts documents of the newswire folder; a stem that stands in two of them or more gets its inverse
document frequency, rounded. Facts of language are kept, no text.
"""

import argparse
import math
import re
from collections import Counter
from pathlib import Path

from detente.fuse.sketch import stem

OUT = Path("src/detente/data/fuse/words.tsv")
MOST = 9000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    folder = parser.parse_args().shared / "data" / "newswire"
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise SystemExit(f"{folder}: no texts; give --shared the folder of the shared data")
    counts: Counter[str] = Counter()
    for path in files:
        counts.update({stem(w) for w in re.findall(r"[^\W_]+", path.read_text(encoding="utf-8"))})
    kept = [(w, n) for w, n in counts.most_common(MOST) if n > 2]
    lines = [f"{w}\t{math.log2((len(files) + 1) / n):.1f}" for w, n in sorted(kept)]
    head = f"# inverse document frequency (bits) of stems in {len(files)} articles, by training/fuse/words.py"
    OUT.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    print(len(lines), "stems")


if __name__ == "__main__":
    main()
