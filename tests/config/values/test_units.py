"""Durations, sizes, rates and networks, as a person writes them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from router.config.problem import Wrong
from router.config.values.units import (
    format_duration,
    format_rate,
    format_size,
    parse_duration,
    parse_network,
    parse_rate,
    parse_size,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ANYTHING = some.one_of(
    some.text(), some.from_regex(r"\A[0-9.]{1,20} ?[a-zA-Z/]{0,9}\Z"), some.integers(),
    some.floats(), some.booleans(), some.none(), some.lists(some.integers()),
)  # fmt: skip


@given(some.integers(0, 10**11))
def test_a_written_duration_is_read_as_the_same(milliseconds: int) -> None:
    """What `format_duration` writes, `parse_duration` reads."""
    duration = timedelta(milliseconds=milliseconds)

    assert duration == parse_duration(format_duration(duration))


@given(some.integers(0, 10**14))
def test_a_written_size_is_read_as_the_same(size: int) -> None:
    """What `format_size` writes, `parse_size` reads."""
    assert size == parse_size(format_size(size))


@given(some.integers(1, 100_000))
def test_a_written_rate_is_read_as_the_same(rate: int) -> None:
    """What `format_rate` writes, `parse_rate` reads."""
    assert rate == parse_rate(format_rate(float(rate)))


@pytest.mark.parametrize("parse", [parse_duration, parse_size, parse_rate, parse_network])
@given(value=ANYTHING)
def test_whatever_is_written_is_read_or_refused_in_words(
    parse: Callable[[Any], object], value: Any
) -> None:
    """No value raises anything but `Wrong`."""
    with suppress(Wrong):
        parse(value)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("200ms", 0.2), ("10s", 10), ("1.5s", 1.5), ("5m", 300), ("24h", 86_400), ("7d", 604_800),
     ("2w", 1_209_600), ("1h30m", 5400), ("0", 0), (0, 0)],
)  # fmt: skip
def test_durations(text: str, seconds: float) -> None:
    """A number and its unit, or several together; nothing but zero goes without a unit."""
    assert timedelta(seconds=seconds) == parse_duration(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [("1MB", 1_000_000), ("512KiB", 524_288), ("1.5GB", 1_500_000_000), ("10B", 10), (7, 7),
     ("7", 7)],
)  # fmt: skip
def test_sizes(text: str, size: int) -> None:
    """MB is a million bytes, MiB is 2 to the 20th; a bare number counts bytes."""
    assert size == parse_size(text)


@pytest.mark.parametrize(("text", "rate"), [("100/s", 100), ("6000/m", 100), ("36/h", 0.01)])
def test_rates(text: str, rate: float) -> None:
    """A rate is events per second, whatever unit it was written in."""
    assert rate == parse_rate(text)


@pytest.mark.parametrize(("text", "network"), [("10.0.0.0/8", "10.0.0.0/8"), ("::1", "::1/128")])
def test_networks(text: str, network: str) -> None:
    """A network, or one address as a network of its own."""
    assert ip_network(network) == parse_network(text)


@pytest.mark.parametrize(
    ("parse", "text", "hint"),
    [
        (parse_duration, "10 sec", "write 10s"),
        (parse_duration, "10S", "write 10s"),
        (parse_duration, "10", "a unit is missing: write 10s"),
        (parse_duration, 10, "a unit is missing: write 10s"),
        (parse_duration, "5 Min", "write 5m"),
        (parse_duration, "soon", "write for instance 200ms, 10s, 5m, 24h or 7d"),
        (parse_size, "1 mb", "write 1MB"),
        (parse_size, "1M", "write 1MB"),
        (parse_size, "much", "write 500KB, 1MB or 2GB"),
        (parse_rate, "100", "write 100/s"),
        (parse_rate, "100 per minute", "write 100/m"),
        (parse_rate, "5 / h", "write 5/h"),
        (parse_rate, "0/s", "`router destinations pause` stops one"),
        (parse_network, "10.1.2.3/8", "write 10.0.0.0/8"),
    ],
)
def test_a_wrong_unit_is_told_how_to_write_it(
    parse: Callable[[Any], object], text: str, hint: str
) -> None:
    """A refused value comes with the spelling that would have been read."""
    with pytest.raises(Wrong) as caught:
        parse(text)

    assert hint == caught.value.hint
