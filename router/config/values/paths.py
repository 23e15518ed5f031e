"""Paths of privacy rules, seen from the file: what they begin with, and where they go wrong."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from router.config.problem import Wrong, quoted
from router.config.values.kind import Kind
from router.decide.policy.paths import PathError, Wild, parse_path
from router.decide.spelling import nearest

ROOTS = (
    "anonymousId", "category", "channel", "context", "event", "groupId", "integrations",
    "messageId", "name", "originalTimestamp", "previousId", "projectId", "properties",
    "receivedAt", "sentAt", "timestamp", "traits", "type", "userId", "version",
)  # fmt: skip
"""The words an event of the Segment spec begins with."""
HOW = "a key, * or **, then [*] or [0] for lists"


class WrongPath(Wrong):
    """A path that cannot be read; `offset` is the character at which it goes wrong."""

    def __init__(self, message: str, hint: str, offset: int) -> None:
        super().__init__(message, hint)
        self.offset = offset


def check_path(text: str) -> str:
    """Return the path as it is; raises `WrongPath`, also for a root that looks misspelled."""
    try:
        root = parse_path(text)[0]
    except PathError as error:
        raise WrongPath(error.message, HOW, error.column - 1) from None
    near = nearest(root, ROOTS) if isinstance(root, str) and root not in ROOTS else None
    if near is not None:
        raise WrongPath(f"unknown word {quoted(root)}", f"did you mean {quoted(near)}?", 0)
    return text


def has_known_root(text: str) -> bool:
    """Tell whether a path begins with a word of the Segment spec, or with a wildcard."""
    root = parse_path(text)[0]
    return isinstance(root, Wild) or root in ROOTS


RulePath: TypeAlias = Annotated[
    str, Field(min_length=1), AfterValidator(check_path), Kind("path in the event")
]
