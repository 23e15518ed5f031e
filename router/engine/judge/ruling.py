"""What the operator's own table says of an answer, before the adapter is asked.

The verdict travels with the answer, as an extension of the response that `destinations.exchange`
reads; without a table nothing of this is in the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import httpx

from destinations import (
    Delivered,
    Held,
    Outcome,
    Rejected,
    Retry,
    Split,
    Throttled,
    asked_wait,
    json_of,
)
from destinations.exchange import RULED
from destinations.judgement import DEFAULT_WAIT
from router.decide.filters.glob import compile_glob
from router.decide.policy.paths import Wild, parse_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import timedelta

    from router.decide.policy.paths import Steps

Ruling: TypeAlias = "Callable[[httpx.Response], Outcome | Split | None]"
LARGEST_BODY = 100_000
"""Bytes of an answer that rules look into; whoever says more has another thing to say."""


class OutcomeRule(Protocol):
    """What is read of a rule in the configuration."""

    @property
    def status(self) -> tuple[int, ...] | None:
        """Statuses that fit; None for all."""

    @property
    def header(self) -> Mapping[str, str]:
        """Patterns by header."""

    @property
    def body(self) -> Mapping[str, tuple[Any, ...]]:
        """Accepted values by JSON path."""

    @property
    def text(self) -> str | None:
        """What the body contains."""

    @property
    def then(self) -> str:
        """The outcome's name."""

    @property
    def reason(self) -> str | None:
        """The reason code."""

    @property
    def wait(self) -> timedelta | None:
        """How long a throttling lasts."""


def compile_rulings(rules: Sequence[OutcomeRule]) -> Ruling:
    """Return what judges an answer by the first rule that fits; None leaves it to the adapter."""
    compiled = [(_compile_fit(rule), _compile_outcome(rule)) for rule in rules]

    def judge(response: httpx.Response) -> Outcome | Split | None:
        for fits, outcome in compiled:
            if fits(response):
                return outcome(response)
        return None

    return judge


class RulingTransport(httpx.AsyncBaseTransport):
    """A way out whose answers carry what the rules say of them."""

    def __init__(self, inner: httpx.AsyncBaseTransport, ruling: Ruling) -> None:
        self._inner = inner
        self._ruling = ruling

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises what the inner transport raises."""
        response = await self._inner.handle_async_request(request)
        verdict = self._ruling(response)
        if verdict is not None:
            response.extensions[RULED] = verdict
        return response

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()


def _compile_fit(rule: OutcomeRule) -> Callable[[httpx.Response], bool]:
    statuses = None if rule.status is None else frozenset(rule.status)
    headers = [(name, compile_glob(pattern)) for name, pattern in rule.header.items()]
    paths = [
        (parse_path(path), [_compile_value(value) for value in values])
        for path, values in rule.body.items()
    ]
    text = None if rule.text is None else rule.text.encode().lower()

    def fits(response: httpx.Response) -> bool:
        if statuses is not None and response.status_code not in statuses:
            return False
        if not all(matches(response.headers.get(name, "")) for name, matches in headers):
            return False
        if text is None and not paths:
            return True
        if len(response.content) > LARGEST_BODY:
            return False
        if text is not None and text not in response.content.lower():
            return False
        said = json_of(response) if paths else None
        return all(_holds(said, steps, wanted) for steps, wanted in paths)

    return fits


def _holds(said: Any, steps: Steps, wanted: Sequence[Callable[[Any], bool]]) -> bool:
    """Tell whether a JSON text has a wanted value at a path."""
    try:
        return any(same(found) for found in _found(said, steps) for same in wanted)
    except RecursionError:  # a vendor that nests too deeply would else fail what it took
        return False


def _compile_value(wanted: Any) -> Callable[[Any], bool]:
    """Return what compares strictly: `true` is not 1, and a text may be a pattern."""
    if isinstance(wanted, str):
        matches = compile_glob(wanted)
        return lambda found: isinstance(found, str) and matches(found)
    return lambda found: found == wanted and isinstance(found, bool) is isinstance(wanted, bool)


def _found(said: Any, steps: Steps) -> Iterator[Any]:
    """Yield every value of a JSON text at a path."""
    if not steps:
        yield said
        return
    step, rest = steps[0], steps[1:]
    below = list(
        said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    )
    if step is Wild.DEEP:
        yield from _found(said, rest)
        for each in below:
            yield from _found(each, steps)
    elif step is Wild.ANY or (step is Wild.EACH and isinstance(said, list)):
        for each in below:
            yield from _found(each, rest)
    elif isinstance(step, int):
        if isinstance(said, list) and step < len(said):
            yield from _found(said[step], rest)
    elif isinstance(said, dict) and step in said:
        yield from _found(said[step], rest)


def _compile_outcome(rule: OutcomeRule) -> Callable[[httpx.Response], Outcome | Split]:
    def outcome(response: httpx.Response) -> Outcome | Split:
        status = response.status_code
        reason = rule.reason or f"http_{status}"
        match rule.then:
            case "delivered":
                return Delivered()
            case "retry":
                return Retry(reason, status)
            case "throttled":
                return Throttled(rule.wait or asked_wait(response) or DEFAULT_WAIT, reason)
            case "held":
                return Held(reason, status)
            case "split":
                return Split(Rejected(reason, status))
            case _:
                # Without a status it stands for itself alone: three users' 404 hold nothing.
                return Rejected(reason)

    return outcome
