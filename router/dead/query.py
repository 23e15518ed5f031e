"""The query language of dead letters: a text becomes a matcher, errors point at the column.

====================================  =====================================================
term                                  matches
====================================  =====================================================
``dest:hook,crm``                     letters of either destination; ``dest:shelf``: the shelf
``reason:http_400,exhausted``         either reason; ``exhausted.http_503`` is both;
                                      ``reason:http_*``: any that begins so
``status:5xx``, ``status:>=500``      the status of the last answer
``type:track``, ``source:shop``       the event's type, its source
``event:"Order Completed"``           its name (a page's or screen's as well)
``message:m-1``, ``id:hook/3/17-0``   its message id, the letter's own id
``attempts:>3``, ``replays:0``        how often it was tried, how often it was replayed
``since:2h``, ``until:2026-08-01``    when it died: an age, or a moment (RFC 3339)
``text``, ``"free text"``             anywhere in the above, or in what the destination may see
``-term``                             whatever the term does not match
====================================  =====================================================

Terms stand side by side and must all match; commas separate alternatives; case does not count.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from router.dead.moments import past

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.dead.record import Record

Matcher: TypeAlias = "Callable[[Record], bool]"

_SPACE = re.compile(r"\s*")
_FIELD = re.compile(r"([A-Za-z_]+):")
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s,"]+)')
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)')
_ESCAPE = re.compile(r"\\(.)")
_NUMBER = re.compile(r"(>=|<=|>|<|=)?(\d{1,9})")
_HUNDREDS = re.compile(r"([1-5])xx", re.IGNORECASE)
_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


class QueryError(Exception):
    """A query that cannot be read; `column` counts from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"column {column}: {message}")
        self.message = message
        self.column = column


class _Value(NamedTuple):
    text: str
    column: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read. An empty one matches everything."""

    text: str
    terms: tuple[Matcher, ...] = ()
    destinations: tuple[Callable[[str], bool], ...] = ()

    def matches(self, record: Record) -> bool:
        """Tell whether every term matches."""
        return all(term(record) for term in self.terms)

    def reaches(self, destination: str) -> bool:
        """Tell whether anything of this destination could match, so that it is worth reading."""
        return all(allows(destination) for allows in self.destinations)


def parse_query(text: str, now_ms: int) -> Query:
    """Read a query; ages count back from `now_ms`. Raises QueryError."""
    terms: list[Matcher] = []
    destinations: list[Callable[[str], bool]] = []
    at = _skip(text, 0)
    while at < len(text):
        negated = text[at] == "-" and at + 1 < len(text) and not text[at + 1].isspace()
        at += negated
        field = _FIELD.match(text, at)
        if field is None:
            word, at = _read(_WORD, text, at)
            terms.append(_signed(_anywhere(word.text), negated=negated))
        else:
            values, at = _values(text, field.end())
            name = _known(field[1], at=field.start())
            terms.append(_signed(_FIELDS[name](values, now_ms), negated=negated))
            if name == "dest":
                one_of = _one_of(values)
                destinations.append(_signed_text(one_of, negated=negated))
        at = _skip(text, at)
    return Query(text, tuple(terms), tuple(destinations))


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _read(pattern: re.Pattern[str], text: str, at: int) -> tuple[_Value, int]:
    match = pattern.match(text, at)
    if match is None:
        what = "this quote never ends" if text[at : at + 1] == '"' else "a value is missing here"
        raise QueryError(what, at + 1)
    if match[1] is not None:
        return _Value(_ESCAPE.sub(r"\1", match[1]), at + 1, quoted=True), match.end()
    return _Value(match[2], at + 1, quoted=False), match.end()


def _values(text: str, at: int) -> tuple[list[_Value], int]:
    value, at = _read(_VALUE, text, at)
    values = [value]
    while text[at : at + 1] == ",":
        value, at = _read(_VALUE, text, at + 1)
        values.append(value)
    if text[at : at + 1] and not text[at].isspace():
        raise QueryError("a space or a comma is missing here", at + 1)
    return values, at


def _known(name: str, *, at: int) -> str:
    lowered = name.lower()
    if lowered in _FIELDS:
        return lowered
    near = get_close_matches(lowered, _FIELDS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_FIELDS)}"
    raise QueryError(f"there is no field {name}: {hint} (text with a colon wants quotes)", at + 1)


def _signed(matcher: Matcher, *, negated: bool) -> Matcher:
    return (lambda record: not matcher(record)) if negated else matcher


def _signed_text(one_of: Callable[[str], bool], *, negated: bool) -> Callable[[str], bool]:
    return (lambda text: not one_of(text)) if negated else one_of


def _one_of(values: list[_Value]) -> Callable[[str], bool]:
    patterns = [_pattern(value) for value in values]
    return lambda text: any(pattern.fullmatch(text) for pattern in patterns)


def _pattern(value: _Value) -> re.Pattern[str]:
    parts = [value.text] if value.quoted else value.text.split("*")
    return re.compile(".*".join(map(re.escape, parts)), re.IGNORECASE | re.DOTALL)


def _text(get: Callable[[Record], str | None]) -> Callable[[list[_Value], int], Matcher]:
    def make(values: list[_Value], now_ms: int) -> Matcher:
        del now_ms
        one_of = _one_of(values)
        return lambda record: one_of(get(record) or "")

    return make


def _reason(values: list[_Value], now_ms: int) -> Matcher:
    """Match the whole reason, or what stands on either side of its dot."""
    del now_ms
    one_of = _one_of(values)

    def matches(record: Record) -> bool:
        kind, _, answer = record.reason.partition(".")
        return any(map(one_of, (record.reason, kind, answer)))

    return matches


def _number(get: Callable[[Record], int | None]) -> Callable[[list[_Value], int], Matcher]:
    def make(values: list[_Value], now_ms: int) -> Matcher:
        del now_ms
        tests = [_comparison(value) for value in values]

        def matches(record: Record) -> bool:
            number = get(record)
            return number is not None and any(test(number) for test in tests)

        return matches

    return make


def _comparison(value: _Value) -> Callable[[int], bool]:
    if hundreds := _HUNDREDS.fullmatch(value.text):
        first = int(hundreds[1])
        return lambda number: number // 100 == first
    match = _NUMBER.fullmatch(value.text)
    if match is None:
        raise QueryError("this is no number: write 3, >3, <=3, or 5xx", value.column)
    bound = int(match[2])
    compare = _COMPARE.get(match[1] or "=", operator.eq)
    return lambda number: bool(compare(number, bound))


def _time(*, later: bool) -> Callable[[list[_Value], int], Matcher]:
    def make(values: list[_Value], now_ms: int) -> Matcher:
        if len(values) > 1:
            raise QueryError("one moment is enough here", values[1].column)
        moment = past(values[0].text, now_ms)
        if moment is None:
            raise QueryError("this is no time: write 2h, 3d or 2026-08-01T10:00Z", values[0].column)
        if later:
            return lambda record: record.dead_at >= moment
        return lambda record: record.dead_at <= moment

    return make


def _anywhere(text: str) -> Matcher:
    wanted = text.casefold()

    def matches(record: Record) -> bool:
        facts = (record.id, record.reason, record.type, record.source, record.message_id)
        return any(wanted in fact.casefold() for fact in facts if fact) or (
            wanted in record.body.decode("utf-8", "replace").casefold()
        )

    return matches


_FIELDS: dict[str, Callable[[list[_Value], int], Matcher]] = {
    "dest": _text(lambda record: record.destination),
    "reason": _reason,
    "status": _number(lambda record: record.status),
    "type": _text(lambda record: record.type),
    "event": _text(lambda record: record.event),
    "source": _text(lambda record: record.source),
    "message": _text(lambda record: record.message_id),
    "id": _text(lambda record: record.id),
    "attempts": _number(lambda record: record.attempts),
    "replays": _number(lambda record: record.replays),
    "since": _time(later=True),
    "until": _time(later=False),
}
