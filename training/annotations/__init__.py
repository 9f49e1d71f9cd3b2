"""Events marked by hand in news articles, kept as offsets because the texts may not be copied.

`load` restores the quoted form used by the gold files from a folder of the texts themselves.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.times import read_tml

FOLDER = Path(__file__).parent


def read_text(texts: Path, doc: str) -> tuple[str, str]:
    """The text of `doc` and the SHA-256 of the file's bytes.

    "newswire/<file>" lies in `texts`, an article in TimeML ("times/…/<file>.tml") in the folder beside it.
    """
    marked_up = doc.endswith(".tml")
    path = Path(texts).parent / doc if marked_up else Path(texts, Path(doc).name)
    raw = path.read_bytes()
    text = read_tml(path)[0] if marked_up else raw.decode("utf-8", errors="replace")
    return text, hashlib.sha256(raw).hexdigest()


def gold_name(doc: str) -> str:
    """The document's name as the gold files spell it: newswire/a_b_1.txt is newswire-a-b-1."""
    return f"{doc.split('/')[0]}-" + Path(doc).stem.replace("_", "-")


def body(text: str) -> tuple[int, int]:
    """Offsets of the article below the address lines at the head of the file."""
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip() and not line.startswith("http"):
            break
        start += len(line)
    return start, len(text)


def restore(marked: dict[str, Any], text: str) -> dict[str, Any]:
    """One marked article in the gold form: quotes in place of spans, one entry under articles."""
    start, end = body(text)
    events = []
    for event in marked["events"]:
        quotes = [text[s:e] for s, e in event["spans"]]
        rest = {k: v for k, v in event.items() if k not in ("id", "spans")}
        events.append({"id": event["id"], "article": 0, "quote": quotes[0], "also": quotes[1:], **rest})
    article = {"start": start, "end": end, "published": marked["published"]}
    return {"doc": gold_name(marked["doc"]), "articles": [article], "events": events, "text": text}


def load(folder: Path = FOLDER, texts: Path = Path("../shared/data/newswire")) -> Iterator[dict[str, Any]]:
    """Every marked article of `folder` in the gold form, with its text under "text".

    Raises FileNotFoundError when a text is absent from `texts` and ValueError when its bytes
    are not those that were marked.
    """
    if not Path(texts).is_dir():
        raise FileNotFoundError(f"the newswire texts are not at {texts}")
    for path in sorted(Path(folder).glob("*.json")):
        marked = json.loads(path.read_text(encoding="utf-8"))
        text, digest = read_text(Path(texts), marked["doc"])
        if digest != marked["digest"]:
            raise ValueError(f"{marked['doc']} differs from the text that was marked")
        yield restore(marked, text)


def load_all(texts: Path = Path("../shared/data/newswire")) -> Iterator[dict[str, Any]]:
    """Every marked article once: those of `FOLDER`, those that only `second/` holds, and those of `held/`.

    The names of the last begin with "held-": no reader is trained on them, only its judges.
    """
    seen = set()
    for folder in (FOLDER, FOLDER / "second", FOLDER / "held"):
        for item in load(folder, texts):
            if item["doc"] not in seen:
                seen.add(item["doc"])
                yield item | {"doc": f"held-{item['doc']}"} if folder.name == "held" else item
