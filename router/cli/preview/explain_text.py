"""Explanations for people: verdicts in sentences, and the fields that are held back, no value."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from router.cli.output import harmless
from router.decide.oddities import tellable
from router.observe.reasons import MapOddity, ShelfReason, SkipReason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from router.events.event import Event

FIELDS = 12
"""Fields that are named; of more, the number is told."""
COLUMNS = 96
"""Lines are broken here, but never within a path or a name."""
GLUE = "\0"
"""Stands for the spaces of a path while lines are broken: `harmless` leaves none in it."""
NAMES = 24
"""Columns for the names of destinations; a longer one takes what it needs."""
MEANINGS = {reason.value: reason.meaning for reason in (*SkipReason, ShelfReason.POLICY_ERROR)}
ODDITIES = {oddity.value: oddity for oddity in MapOddity}
SAID = ("integrations", "_metadata")
"""What rules begin with that the event itself brings."""


def told(number: int, event: Event | None, explanation: dict[str, Any]) -> str:
    """Return an explanation of line `number` as text; the event is None when it was unreadable."""
    if event is None:
        return f"line {number:,}: unreadable: {explanation['error']}"
    lines = [f"line {number:,}: {event.type} {harmless(event.message_id)}"]
    lines += (line for each in explanation.get("oddities", ()) for line in _odd(each))
    lines += _fields("  ", explanation["fields"])
    width = min(NAMES, max(map(len, explanation["destinations"]), default=0))
    indent = " " * (width + 4)
    for name, verdict in explanation["destinations"].items():
        first, *more = _verdict(indent, verdict)
        lines += [f"  {name:<{width}}  {first}", *more]
        lines += _fields(indent, verdict["fields"])
        lines += _segment(indent, verdict.get("segment"))
    return "\n".join(lines)


def _verdict(indent: str, verdict: dict[str, Any]) -> Sequence[str]:
    """Return the verdict, its meaning and its rule; the first line is yet to be indented."""
    by = _by(verdict["rule"], verdict["line"])
    reason = verdict["reason"]
    if reason is None:
        return (f"{verdict['verdict']}  {by}",)
    text = f"{verdict['verdict']}  {reason}: {MEANINGS.get(reason, '')}"
    first, *more = _wrapped(text, indent, indent + "      ")
    return (first.lstrip(), *more, f"{indent}      {by}")


def _by(rule: str, line: int | None) -> str:
    """Say where the rule stands: in the file, in the event, or in the adapter."""
    who = "the event" if rule.startswith(SAID) else "its adapter"
    return f"by {f'line {line:,}' if line else who} [{harmless(rule)}]"


def _fields(indent: str, fields: Sequence[dict[str, Any]]) -> Iterator[str]:
    for each in fields:
        text = f"{each['did']}: {_listed(each['paths'])}"
        yield from _wrapped(text, indent, indent + "  ")
        yield f"{indent}  {_by(each['rule'], each['line'])}"


def _segment(indent: str, segment: dict[str, Any] | None) -> Iterator[str]:
    if segment is None:
        return
    reason = f"  {segment['reason']}" if segment["reason"] else ""
    yield f"{indent}Segment: {segment['verdict']}{reason}"
    if segment["differs"]:
        why = f"{segment['difference']}: {segment['why']}"
        yield from _wrapped(why, indent + "  ", indent + "    ")


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - FIELDS:,} more" if len(paths) > FIELDS else ""
    return ", ".join(harmless(path).replace(" ", GLUE) for path in paths[:FIELDS]) + more


def _odd(oddity: dict[str, Any]) -> Iterator[str]:
    code, meant = ODDITIES[oddity["code"]], oddity["meant"]
    text = f"{code.place}.{tellable(oddity['name'])}  {code.value}: {code.meaning}"
    yield from _wrapped(text, "  ", "    ")
    if meant and meant != oddity["name"]:
        yield f"    Did you mean {harmless(meant)}?"


def _wrapped(text: str, indent: str, hanging: str) -> Sequence[str]:
    lines = wrap(
        text,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(GLUE, " ") for line in lines]
