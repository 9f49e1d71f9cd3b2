"""Every record comes back from its JSON exactly as it went in."""

import dataclasses
import inspect
import types
import typing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente import records
from detente.errors import StoreError
from detente.store.codec import clean, decode, encode

RECORDS = [kind for _, kind in inspect.getmembers(records, inspect.isclass) if dataclasses.is_dataclass(kind)]

# Any code point at all, NUL and lone surrogates included.
TEXTS = st.text(st.characters(codec=None, categories=None), max_size=12)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
SIMPLE = {
    str: TEXTS,
    int: st.integers(),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=20),
    datetime: MOMENTS,
    date: st.dates(),
    types.NoneType: st.none(),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of this type may hold."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    if isinstance(hint, typing.NewType):
        return values_of(hint.__supertype__)
    if dataclasses.is_dataclass(hint):
        return records_of(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return st.sampled_from(args)
    if origin is tuple and args[1:] == (Ellipsis,):
        return st.lists(values_of(args[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values_of, args))
    return st.one_of(*map(values_of, args))


def records_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any record of a kind."""
    hints = typing.get_type_hints(kind)
    fields = {field.name: values_of(hints[field.name]) for field in dataclasses.fields(kind)}
    if kind is records.Line:
        fields["citations"] = st.lists(records_of(records.Citation), min_size=1, max_size=2).map(tuple)
    return st.builds(kind, **fields)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_record_survives(kind: type, data: st.DataObject) -> None:
    record = data.draw(records_of(kind))
    text = encode(record)
    assert decode(kind, text) == record
    assert "\x00" not in text
    assert text.encode("utf-8")  # a column of either database can hold it


def test_all_records_are_tried() -> None:
    assert {"Event", "Page", "Brief", "Failure", "Link"} <= {kind.__name__ for kind in RECORDS}


def test_two_lone_surrogates_do_not_become_one_character() -> None:
    span = records.Remainder(page_span=records.Span(start=0, end=2), reason="\ud83d" + "\ude00")
    assert decode(records.Remainder, encode(span)) == span


def test_a_field_that_is_absent_takes_its_default() -> None:
    assert decode(records.Reason, '{"feature":"verb","weight":1}') == records.Reason(
        feature="verb", weight=1.0
    )


def test_text_that_no_record_wrote_is_a_store_error() -> None:
    with pytest.raises(StoreError, match="Reason"):
        decode(records.Reason, '{"weight":1}')


def test_clean_is_for_key_columns() -> None:
    assert clean("a\x00b\ud800" + "x" * 1000) == "a\ufffdb\ufffd" + "x" * 596
