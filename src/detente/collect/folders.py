"""Pages from folders and files: sorted, bounded in size, safe from loops, gzip unpacked."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from urllib.parse import quote

from detente.errors import CollectError
from detente.records import Failure, FailureId, Page, PageId, Source, SourceId, make_id
from detente.text import digest_bytes

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".pdf": "application/pdf",
    ".eml": "message/rfc822",
}
"""File endings that are read, with their media types; `.gz` may follow any of them."""

_ASIDE = frozenset({"__pycache__", "node_modules"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectLimits:
    """How much is taken from one file; all in bytes unless named otherwise."""

    page_bytes: int = 16 * 2**20  # of one page after unpacking
    records_bytes: int = 2**30  # of one file of JSON lines after unpacking: it is read as a stream
    depth: int = 32  # folders within folders


def open_paths(
    paths: Iterable[str | os.PathLike[str]], limits: CollectLimits | None = None
) -> tuple[tuple[Source, ...], Iterator[Page | Failure]]:
    """Give the sources that the paths name, and the stream of their pages and failures.

    Each path is a folder (walked to the bottom, hidden files left out) or a file. The order is that
    of the paths, then of the names; it doesn't depend on the file system. A page's `url` is `file:`
    and its path relative to the folder that was given, so that results don't tell where the folder
    lay; a record of a file of JSON lines adds `#` and its line number. `fetched_at` is the file's
    time of change. Whatever can't be opened comes as a `Failure` of the stage `collect`.

    Raises CollectError if a path doesn't exist at all.
    """
    roots = [Path(path) for path in paths]
    for root in roots:
        if not os.path.lexists(root):
            raise CollectError(str(root), "no such file or folder; check the spelling of the path")
    sources = [_make_source(root) for root in roots]
    unique = tuple({source.id: source for source in sources}.values())
    return unique, _open_all(list(zip(roots, sources, strict=True)), limits or CollectLimits())


def guess_media_type(name: str) -> tuple[str | None, bool]:
    """Give the media type that a file name tells (None if it isn't one that is read), and if it is
    gzipped.
    """
    stem, suffix = os.path.splitext(name.lower())
    packed = suffix == ".gz"
    if packed:
        suffix = os.path.splitext(stem)[1]
    return MEDIA_TYPES.get(suffix), packed


def _make_source(root: Path) -> Source:
    name = root.resolve().name or "root"
    kind = "folder" if root.is_dir() else "file"
    return Source(
        id=SourceId(make_id("source", kind, name)), name=name, kind=kind, url=f"file:{_quote(name)}"
    )


def _quote(path: str) -> str:
    return quote(os.fsencode(path), safe="/ ,;!()@+=~")


def _open_all(roots: list[tuple[Path, Source]], limits: CollectLimits) -> Iterator[Page | Failure]:
    seen: set[PageId] = set()
    for root, source in roots:
        for item in _open_root(root, source, limits):
            if isinstance(item, Page):
                if item.id in seen:
                    continue
                seen.add(item.id)
            yield item


def _open_root(root: Path, source: Source, limits: CollectLimits) -> Iterator[Page | Failure]:
    if not root.is_dir():
        yield from _open_file(root, root.name, source, limits)
        return
    for path, name in _walk(root, limits.depth):
        if isinstance(name, Failure):
            yield name
        else:
            yield from _open_file(path, name, source, limits)


def _walk(root: Path, depth: int) -> Iterator[tuple[Path, str | Failure]]:
    """Give all files under a folder with their relative names, sorted; a folder is entered once, one outside never."""
    entered, base = {_identity(root)}, root.resolve()
    waiting: list[tuple[Path, str, int]] = [(root, "", 0)]
    while waiting:
        folder, prefix, level = waiting.pop()
        try:
            names = sorted(entry.name for entry in os.scandir(folder))
        except OSError as error:
            yield folder, _fail(prefix or folder.name, CollectError(prefix, _explain(error)))
            continue
        inner: list[tuple[Path, str, int]] = []
        for name in names:
            path, relative = folder / name, prefix + name
            if name.startswith(".") or name in _ASIDE:
                continue
            if not path.is_dir():
                yield path, relative
                continue
            identity = _identity(path)
            if path.is_symlink() and not path.resolve().is_relative_to(base):
                why = "the link leads out of the folder: give its target as a source of its own"
                yield path, _fail(relative, CollectError(relative, why))
            elif identity in entered:
                yield (
                    path,
                    _fail(relative, CollectError(relative, "the link leads back to a folder that was read")),
                )
            elif level >= depth:
                yield path, _fail(relative, CollectError(relative, f"folders are nested deeper than {depth}"))
            else:
                entered.add(identity)
                inner.append((path, relative + "/", level + 1))
        waiting.extend(reversed(inner))


def _identity(path: Path) -> tuple[int, int]:
    try:
        info = path.stat()
    except OSError:
        return (0, 0)
    return (info.st_dev, info.st_ino)


def _open_file(path: Path, name: str, source: Source, limits: CollectLimits) -> Iterator[Page | Failure]:
    media_type, packed = guess_media_type(name)
    try:
        if media_type is None:
            raise CollectError(
                name, f"files of this kind are not read; these are: {' '.join(sorted(MEDIA_TYPES))}"
            )
        changed_at = _time_of(path, name)
        with _open_stream(path, packed) as stream:
            if media_type == "application/x-ndjson":
                yield from _read_records(stream, name, source, changed_at, limits)
                return
            body = _read_all(stream, name, limits.page_bytes)
        yield _make_page(source, name, changed_at, media_type, body)
    except CollectError as error:
        yield _fail(name, error)
    except (OSError, EOFError, zlib.error) as error:
        yield _fail(name, CollectError(name, _explain(error)))


def _time_of(path: Path, name: str) -> datetime:
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise CollectError(name, "not a regular file; give a file or a folder of files")
    return datetime.fromtimestamp(int(info.st_mtime), UTC)


def _open_stream(path: Path, packed: bool) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if packed else path.open("rb")


def _read_all(stream: gzip.GzipFile | BufferedReader, name: str, limit: int) -> bytes:
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise CollectError(
            name, f"larger than {limit // 2**20} MB; split it or raise the setting page_max_mb"
        )
    if not body:
        raise CollectError(name, "the file is empty")
    return body


def _read_records(
    stream: gzip.GzipFile | BufferedReader,
    name: str,
    source: Source,
    changed_at: datetime,
    limits: CollectLimits,
) -> Iterator[Page | Failure]:
    """Give one page per line of JSON lines; `name#7` is line 7. A line that is too long is one failure."""
    number, total, found = 0, 0, False
    while line := stream.readline(limits.page_bytes + 1):
        number += 1
        total += len(line)
        subject = f"{name}#{number}"
        if total > limits.records_bytes:
            raise CollectError(
                subject, f"the file holds more than {limits.records_bytes // 2**20} MB; split it"
            )
        if len(line) > limits.page_bytes:
            raise CollectError(subject, f"a line is longer than {limits.page_bytes // 2**20} MB; split it")
        if line.strip():
            found = True
            yield _make_page(source, subject, changed_at, "application/json", line.strip())
    if not found:
        raise CollectError(name, "the file is empty")


def _make_page(source: Source, name: str, changed_at: datetime, media_type: str, body: bytes) -> Page:
    path, mark, line = name.rpartition("#") if media_type == "application/json" else ("", "", name)
    url = f"file:{_quote(path)}#{line}" if mark and line.isdigit() else f"file:{_quote(name)}"
    digest = digest_bytes(body)
    return Page(
        id=PageId(make_id("page", source.id, url, digest)),
        source=source.id,
        url=url,
        fetched_at=changed_at,
        media_type=media_type,
        status=200,
        body=body,
        digest=digest,
    )


def _explain(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "the file is gone, or the link leads nowhere; put it back and run again"
    if isinstance(error, PermissionError):
        return "no permission to read it; change its permissions and run again"
    if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
        return f"the gzip data is broken or cut short ({error}); fetch the file again"
    if isinstance(error, OSError):
        return f"it can't be opened ({error.strerror or error})"
    return f"it can't be read ({error})"


def _fail(subject: str, error: CollectError) -> Failure:
    # the message alone, without the time, makes the id: a re-run finds its own failure
    shown = os.fsencode(subject).decode("utf-8", "replace")
    return Failure(
        id=FailureId(make_id("failure", "collect", shown, error.message)),
        stage="collect",
        subject=f"file:{shown}",
        error=type(error).__name__,
        message=error.message,
        at=datetime.now(UTC),
    )
