"""The spelling of paths in privacy rules: `traits.email`, `products[*].note`, `**.phone`."""

import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from router.config.problem import Wrong, nearest, quoted
from router.config.units import Kind

ROOTS = (
    "anonymousId", "category", "channel", "context", "event", "groupId", "integrations",
    "messageId", "name", "originalTimestamp", "previousId", "projectId", "properties",
    "receivedAt", "sentAt", "timestamp", "traits", "type", "userId", "version",
)  # fmt: skip
"""The words an event of the Segment spec begins with."""

_STEP = re.compile(r"(\*\*|\*|[^.\[\]*]+)((?:\[(?:\*|\d{1,9})\])*)")


class WrongPath(Wrong):
    """A path that cannot be read; `offset` is the character at which it goes wrong."""

    def __init__(self, message: str, hint: str, offset: int) -> None:
        super().__init__(message, hint)
        self.offset = offset


def check_path(text: str) -> str:
    """Return the path as it is; raises `WrongPath` with the character and the right spelling.

    Steps stand between dots: a key, `*` for any key, `**` for any depth (never last after
    itself); `[*]` and `[0]` behind a step go into a list.
    """
    offset = 0
    before = ""
    for step in text.split("."):
        if not step:
            raise WrongPath("a step of the path is empty", "one dot between steps", offset)
        if not _STEP.fullmatch(step):
            hint = "a key, * or **, then [*] or [0] for lists"
            raise WrongPath(f"{quoted(step)} is no step of a path", hint, offset)
        if step.startswith("**") and (before == "**" or step != "**"):
            raise WrongPath("`**` stands alone between dots", "**.phone", offset)
        before = step
        offset += len(step) + 1
    _check_root(text)
    return text


def _check_root(text: str) -> None:
    root = _steps(text)[0]
    near = nearest(root, ROOTS)
    if near is not None and not has_known_root(text):
        raise WrongPath(f"unknown word {quoted(root)}", f"did you mean {quoted(near)}?", 0)


def has_known_root(text: str) -> bool:
    """Tell whether a path begins with a word of the Segment spec, or with a wildcard."""
    root = _steps(text)[0]
    return root in ROOTS or root.startswith("*")


def covers(wide: str, narrow: str) -> bool:
    """Tell whether a rule for `wide` takes every value that one for `narrow` would.

    A path stands for all that is under it. When in doubt, no.
    """
    return _covers(_steps(wide), _steps(narrow))


def _covers(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    if not wide:
        return True
    if wide[0] == "**":
        return any(_covers(wide[1:], narrow[start:]) for start in range(len(narrow) + 1))
    if not narrow or narrow[0] == "**":
        return False
    return _takes(wide[0], narrow[0]) and _covers(wide[1:], narrow[1:])


def _takes(wide: str, narrow: str) -> bool:
    if narrow.startswith("["):
        return wide in ("[*]", narrow)
    return wide in ("*", narrow)


def _steps(text: str) -> tuple[str, ...]:
    """Return a path's steps, those into lists apart: `a[*].b` is `a`, `[*]`, `b`."""
    return tuple(re.findall(r"\[[^\]]*\]|[^.\[\]]+", text))


RulePath: TypeAlias = Annotated[
    str, Field(min_length=1), AfterValidator(check_path), Kind("path in the event")
]
