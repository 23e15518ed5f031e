"""Bytes become objects: what SDKs really send is mended, the rest refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.events.decode import DEEPEST, LARGEST, decode, digits_of
from router.events.event import Unreadable
from tests.support.growth import grows_linearly

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


def test_plain_json_is_not_mended() -> None:
    """What orjson reads comes as it is."""
    assert ({"a": [1, None]}, False) == decode(b'{"a": [1, null]}')


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a": NaN, "b": -Infinity, "c": 1e999}', {"a": None, "b": None, "c": None}),
        (b'{"a": "\\ud83d"}', {"a": "\ufffd"}),
        (b'{"\\udc00": "\\ud83d\\ude00"}', {"\ufffd": "\U0001f600"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (
            b'{"a": NaN, "b": 123456789012345678901234567890}',
            {"a": None, "b": 1.2345678901234568e29},
        ),
        (b'{"a": NaN, "b": 18446744073709551615}', {"a": None, "b": 1.8446744073709552e19}),
        (b'{"a": NaN, "b": ' + b"9" * 5000 + b"}", {"a": None, "b": None}),
    ],
)
def test_mending(raw: bytes, expected: dict[str, Any]) -> None:
    """NaN and Infinity become null, half an emoji U+FFFD, a byte order mark nothing."""
    assert (expected, True) == decode(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "invalid_json"),
        (b"{", "invalid_json"),
        (b'{"a": 1,}', "invalid_json"),
        (b"\x1f\x8b\x08", "invalid_utf8"),
        (b'{"a": "\xed\xa0\xbd"}', "invalid_utf8"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b" " * LARGEST + b"{}", "too_large"),
        (b'{"a":' + b"[" * DEEPEST + b"]" * DEEPEST + b"}", "too_deep"),
        (b"[" * 900_000, "too_deep"),
    ],
)
def test_refusals(raw: bytes, reason: str) -> None:
    """What cannot be read is refused with one of the reasons of the shelf."""
    with pytest.raises(Unreadable) as refused:
        decode(raw)

    assert reason == refused.value.reason


def test_brackets_in_strings_are_not_depth() -> None:
    """Only brackets that nest count as depth; a flat event may hold thousands."""
    value = {"text": '[{"\\' * 100, "list": [{}] * 1000}

    assert (value, False) == decode(json.dumps(value).encode())


@pytest.mark.parametrize(("unit", "before", "size"), [
    (b'["', b"", 30_000), (b"[]", b"", 40_000), (b'"\\', b'{"a":' * 60, 20_000),
])  # fmt: skip
def test_depth_is_counted_in_linear_time(unit: bytes, before: bytes, size: int) -> None:
    """Many brackets or quotes are judged in a time that grows as they do."""

    def judge(count: int) -> None:
        with pytest.raises(Unreadable):
            decode(before + unit * count)

    assert grows_linearly(judge, size)


def test_digits_of_keeps_every_digit() -> None:
    """A number too large for floating point is read back as it was written."""
    assert "12345678901234567890123" == digits_of(b'{"userId": 12345678901234567890123}', "userId")


@given(JSON)
def test_everything_json_dumps_is_read(value: Any) -> None:
    """Whatever Python's json writes, NaN and lone surrogates included, is read or no object."""
    raw = json.dumps(value).encode()
    if isinstance(value, dict):
        assert isinstance(decode(raw)[0], dict)
    else:
        with pytest.raises(Unreadable):
            decode(raw)


@given(st.binary(max_size=200))
def test_junk_is_unreadable_and_nothing_else(raw: bytes) -> None:
    """Bytes are an object or Unreadable; no other exception comes out."""
    reason = "object"
    try:
        decode(raw)
    except Unreadable as unreadable:
        reason = unreadable.reason

    assert reason in ("object", "invalid_json", "invalid_utf8", "not_an_object")
