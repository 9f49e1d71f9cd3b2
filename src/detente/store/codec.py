"""Records to JSON text and back, driven by the records' own type hints.

The text is pure JSON that both databases keep in a text column: NUL is escaped by JSON itself, and
a string with lone surrogates (which no UTF-8 column can hold) is written as `{"utf-32": hex}`.
"""

import base64
import dataclasses
import json
import re
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from detente.errors import StoreError

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

R = TypeVar("R")
Coder = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def encode(record: object, hint: object = None) -> str:
    """Give the JSON text of a record, or of any value that the type `hint` describes."""
    to_plain, _ = _coder(hint or type(record))
    return json.dumps(to_plain(record), ensure_ascii=False, separators=(",", ":"))


def decode(kind: type[R], text: str) -> R:
    """Give the record of type `kind` that `encode` wrote; fields that are absent take their defaults."""
    _, from_plain = _coder(kind)
    try:
        result: R = from_plain(json.loads(text))
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"a stored {kind.__name__} cannot be read ({error}); it was written by another version of "
            "détente: read and extract again on a new desk"
        ) from None
    return result


def clean(text: str | None) -> str | None:
    """Give the text as a key column can hold it: at most 600 characters, NUL and surrogates as U+FFFD.

    PostgreSQL indexes no value over 2,704 bytes; the record itself is kept unchanged.
    """
    return None if text is None else _UNSTORABLE.sub("\ufffd", text[:600])


def _same(value: Any) -> Any:
    return value


def _text_to_plain(text: str) -> object:
    if _SURROGATE.search(text):
        return {"utf-32": text.encode("utf-32-be", "surrogatepass").hex()}
    return text


def _text_from_plain(plain: Any) -> str:
    if isinstance(plain, str):
        return plain
    return bytes.fromhex(plain["utf-32"]).decode("utf-32-be", "surrogatepass")


def _moment_from_plain(plain: str) -> datetime:
    return datetime.fromisoformat(plain).astimezone(UTC)


_SIMPLE: dict[object, Coder] = {
    str: (_text_to_plain, _text_from_plain),
    int: (_same, _same),
    bool: (_same, _same),
    float: (_same, float),
    types.NoneType: (_same, _same),
    datetime: (lambda moment: moment.astimezone(UTC).isoformat(), _moment_from_plain),
    date: (date.isoformat, date.fromisoformat),
    bytes: (lambda body: base64.b64encode(body).decode("ascii"), base64.b64decode),
}


_known: dict[object, Coder] = dict(_SIMPLE)


def _coder(hint: Any) -> Coder:
    """Give the two functions, to and from plain JSON values, for a type hint."""
    if hint not in _known:
        _known[hint] = _make_coder(hint)
    return _known[hint]


def _make_coder(hint: Any) -> Coder:
    if isinstance(hint, typing.NewType):
        return _coder(hint.__supertype__)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record_coder(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return _SIMPLE[str]
    if origin is tuple:
        return _tuple_coder(args)
    if origin in (types.UnionType, typing.Union):
        return _optional_coder(args)
    raise TypeError(f"no way to store {hint}; records hold texts, numbers, moments, tuples and records only")


def _tuple_coder(args: tuple[Any, ...]) -> Coder:
    if args[1:] == (Ellipsis,):
        to_plain, from_plain = _coder(args[0])
        return (lambda values: [to_plain(v) for v in values], lambda plain: tuple(map(from_plain, plain)))
    coders = [_coder(arg) for arg in args]
    return (
        lambda values: [coder[0](v) for coder, v in zip(coders, values, strict=True)],
        lambda plain: tuple(coder[1](v) for coder, v in zip(coders, plain, strict=True)),
    )


def _optional_coder(args: tuple[Any, ...]) -> Coder:
    kinds = [arg for arg in args if arg is not types.NoneType]
    if len(kinds) != 1:
        raise TypeError(f"a field may be one type or None, not {args}")
    to_plain, from_plain = _coder(kinds[0])
    return (
        lambda value: None if value is None else to_plain(value),
        lambda plain: None if plain is None else from_plain(plain),
    )


def _record_coder(kind: type) -> Coder:
    hints = typing.get_type_hints(kind)
    coders = [(f.name, *_coder(hints[f.name])) for f in dataclasses.fields(kind)]

    def to_plain(record: Any) -> dict[str, Any]:
        return {name: write(getattr(record, name)) for name, write, _ in coders}

    def from_plain(plain: dict[str, Any]) -> object:
        return kind(**{name: read(plain[name]) for name, _, read in coders if name in plain})

    return to_plain, from_plain
