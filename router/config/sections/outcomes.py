"""The operator's own table of outcomes: which answers of a destination mean what."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from router.config.problem import Wrong, quoted
from router.config.sections.section import Section, Word
from router.config.values.kind import Kind
from router.config.values.units import Duration
from router.decide.filters.glob import compile_glob
from router.decide.policy.paths import PathError, parse_path

_STATUSES = re.compile(r"([1-5])xx|([1-5]\d\d)(?:-([1-5]\d\d))?", re.ASCII)
_CODE = re.compile(r"[a-z0-9_][a-z0-9_.]{0,59}", re.ASCII)
Scalar: TypeAlias = str | int | float | bool | None


def _statuses(value: Any) -> tuple[int, ...]:
    """Read 409, "4xx", "500-599", or a list of such."""
    if isinstance(value, tuple):
        return value
    found: set[int] = set()
    for each in value if isinstance(value, list) else [value]:
        match = None if isinstance(each, bool) else _STATUSES.fullmatch(str(each))
        if match is None:
            raise Wrong(f"{quoted(each)} is no HTTP status", "409, 4xx, 500-599, or a list")
        hundred, first, last = match.groups()
        low = int(hundred) * 100 if hundred else int(first)
        high = low + 99 if hundred else int(last or first)
        found |= set(range(low, high + 1))
    if not found:
        raise Wrong("an empty range or list of statuses matches nothing")
    return tuple(sorted(found))


def _glob(value: str) -> str:
    try:
        compile_glob(value)
    except ValueError as error:
        raise Wrong(str(error)) from None
    return value


def _path(value: str) -> str:
    try:
        parse_path(value)
    except PathError as error:
        raise Wrong(error.message, "keys with dots between, [*] or [0] for lists") from None
    return value


def _code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise Wrong(f"{quoted(value)} is no reason code", "a-z, 0-9, _ and ., at most 60")
    return value


def _scalars(value: Any) -> tuple[Scalar, ...]:
    if isinstance(value, tuple):
        return value
    listed = value if isinstance(value, list) else [value]
    if not listed or any(isinstance(each, dict | list) for each in listed):
        raise Wrong("a value to compare with is a text, a number, true, false or null, or a list")
    for each in listed:
        if isinstance(each, str):
            _glob(each)
    return tuple(listed)


Statuses: TypeAlias = Annotated[
    tuple[int, ...], BeforeValidator(_statuses), Kind("HTTP statuses, such as 409 or 5xx")
]
Glob: TypeAlias = Annotated[str, Field(min_length=1), AfterValidator(_glob)]
BodyPath: TypeAlias = Annotated[str, Field(min_length=1), AfterValidator(_path)]
Scalars: TypeAlias = Annotated[
    tuple[Scalar, ...], BeforeValidator(_scalars), Kind("value, or list of values")
]


class OutcomeRule(Section):
    """One line of the table: an answer that fits all it says has the outcome `then`."""

    status: Statuses | None = Field(
        None, description="Statuses: `409`, `4xx`, `500-599`, or a list of them."
    )
    header: dict[Word, Glob] = Field(
        {}, description="Headers by name, each with a pattern (`*` and `?`) that it fits."
    )
    body: dict[BodyPath, Scalars] = Field(
        {},
        description="JSON paths in the answer (`error.code`, `errors[*].code`), each with a value "
        "(a text may be a pattern), or a list of values of which one must stand there.",
    )
    text: Word | None = Field(
        None, description="A text that the answer's body contains, in upper or lower case."
    )
    then: Literal["delivered", "rejected", "retry", "throttled", "held", "split"] = Field(
        description="What it means. `split`: the batch is halved until the event at fault is "
        "alone, and rejected."
    )
    reason: Annotated[Word, AfterValidator(_code)] | None = Field(
        None, description="The reason code that is shown; default: `http_` and the status."
    )
    wait: Duration | None = Field(
        None,
        description="For `throttled`: at least so long; default: as the answer asks, or 5 seconds.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.status or self.header or self.body or self.text):
            raise Wrong("a rule for every answer leaves nothing to the adapter", "add status: 409")
        if self.wait is not None and self.then != "throttled":
            raise Wrong(f"wait means nothing for {quoted(self.then)}", "then: throttled")
        if self.wait is not None and self.wait <= timedelta(0):
            raise Wrong("a throttling of no length is none", "then: retry")
        return self
