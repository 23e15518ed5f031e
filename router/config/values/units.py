"""Durations, sizes and rates, as a person writes them: `24h`, `1MB`, `100/s`."""

import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator

from router.config.problem import Wrong, quoted
from router.config.values.kind import Kind

MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
SECONDS_PER = {"s": 1, "m": 60, "h": 3600}
LONGEST = timedelta(days=3660)
MEANT = {
    **dict.fromkeys(("millis", "msec", "msecs", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("week", "weeks"), "w"),
    **dict.fromkeys(("byte", "bytes"), "B"),
    **dict.fromkeys(("k", "kilobyte", "kilobytes"), "KB"),
    **dict.fromkeys(("mb", "m", "meg", "megs", "megabyte", "megabytes"), "MB"),
    **dict.fromkeys(("g", "gig", "gigabyte", "gigabytes"), "GB"),
}
"""Spellings of units that people try; `m` alone is a minute or a megabyte, by what is wanted."""

_PART = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(ms|s|m|h|d|w)", re.ASCII)
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(B|[KMG]i?B)", re.ASCII)
_RATE = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)/(s|m|h)", re.ASCII)
_TRIED = re.compile(r"\s*(\d{1,12}(?:\.\d{1,9})?)\s*(?:/|per\b)?\s*([A-Za-z]*)\s*", re.ASCII)


def parse_duration(value: Any) -> timedelta:
    """Read `200ms`, `10s`, `5m`, `24h`, `7d`, `2w`, or several together: `1h30m`; `0` is none."""
    if isinstance(value, timedelta):
        return value
    text = _text(value)
    if text == "0":
        return timedelta(0)
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise Wrong(f"{quoted(value)} is no duration", _duration_hint(text))
    total = sum(float(number) * MILLISECONDS[unit] for number, unit in parts)
    if total > LONGEST / timedelta(milliseconds=1):
        raise Wrong(f"{quoted(value)} is longer than ten years")
    return timedelta(microseconds=round(total * 1000))


def parse_size(value: Any) -> int:
    """Read `1MB` (a million bytes), `512KiB` (powers of two), or a plain number of bytes."""
    text = _text(value)
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text)
    found = _SIZE.fullmatch(text)
    if found is None:
        raise Wrong(f"{quoted(value)} is no size", _tried(text, BYTES, "write 500KB, 1MB or 2GB"))
    return round(float(found[1]) * BYTES[found[2]])


def parse_rate(value: Any) -> float:
    """Read `100/s`, `6000/m` or `50/h`, as events per second."""
    if isinstance(value, float):
        raise Wrong(f"{quoted(value)} is no rate", f"write {value:g}/s")
    text = _text(value)
    found = _RATE.fullmatch(text)
    if found is None:
        raise Wrong(f"{quoted(value)} is no rate", _rate_hint(text))
    rate = float(found[1]) / SECONDS_PER[found[2]]
    if rate <= 0:
        raise Wrong("a rate of nothing would never send", "`router destinations pause` stops one")
    return rate


def parse_network(value: Any) -> IPv4Network | IPv6Network:
    """Read a network such as `10.0.0.0/8` or `fd00::/8`, or one address."""
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    text = _text(value)
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        meant = f"write {ip_network(text, strict=False)}"
    except ValueError:
        meant = "write for instance 10.0.0.0/8; names are not looked up"
    raise Wrong(f"{quoted(value)} is no network", meant)


def format_duration(value: timedelta) -> str:
    """Return the shortest spelling that `parse_duration` reads as the same duration."""
    rest = round(value / timedelta(milliseconds=1))
    text = ""
    for unit in ("d", "h", "m", "s", "ms"):
        count, rest = divmod(rest, MILLISECONDS[unit])
        text += f"{count}{unit}" if count else ""
    return "24h" if text == "1d" else text or "0"


def format_size(value: int) -> str:
    """Return a spelling that `parse_size` reads as the same number of bytes."""
    for unit in ("GB", "GiB", "MB", "MiB", "KB", "KiB"):
        if value and value % BYTES[unit] == 0:
            return f"{value // BYTES[unit]}{unit}"
    return str(value)


def format_rate(value: float) -> str:
    """Return a rate per second as a person writes it."""
    return f"{value:g}/s"


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Wrong("a number with its unit is wanted here")
    return str(value)


def _tried(text: str, units: dict[str, int], otherwise: str) -> str:
    found = _TRIED.fullmatch(text)
    if found is None or not found[2]:
        return otherwise
    unit = found[2]
    by_folded = {known.casefold(): known for known in units}
    for meant in (unit, MEANT.get(unit.casefold(), "")):
        if meant.casefold() in by_folded:
            return f"write {found[1]}{by_folded[meant.casefold()]}"
    return otherwise


def _duration_hint(text: str) -> str:
    otherwise = "write for instance 200ms, 10s, 5m, 24h or 7d"
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII):
        return f"a unit is missing: write {text}s"
    return _tried(text, MILLISECONDS, otherwise)


def _rate_hint(text: str) -> str:
    found = _TRIED.fullmatch(text)
    if found is None:
        return "write for instance 100/s, 6000/m or 50/h"
    unit = found[2].casefold() or "s"
    unit = MEANT.get(unit, unit) if unit != "m" else unit
    return f"write {found[1]}/{unit if unit in SECONDS_PER else 's'}"


Duration: TypeAlias = Annotated[timedelta, BeforeValidator(parse_duration), Kind("duration")]
Size: TypeAlias = Annotated[int, BeforeValidator(parse_size), Kind("size")]
Rate: TypeAlias = Annotated[float, BeforeValidator(parse_rate), Kind("rate")]
Network: TypeAlias = Annotated[
    IPv4Network | IPv6Network, BeforeValidator(parse_network), Kind("network")
]
