"""`${NAME}` in a text: values from the environment, or from the file that `NAME_FILE` names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from router.config.problem import Wrong, quoted
from router.decide.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = re.compile(r"\$?\$\{([^}]*)(\}?)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class Missing(Wrong):
    """A `${...}` that cannot be filled; `offset` is where in the text it begins."""

    def __init__(self, message: str, hint: str, offset: int) -> None:
        super().__init__(message, hint)
        self.offset = offset


def fill(text: str, environ: Mapping[str, str]) -> tuple[str, bool]:
    """Return the text with each `${NAME}` filled in, and whether the environment gave any of it.

    `${NAME:-default}` takes the default when NAME is missing or empty; `$${` is a plain `${`.
    When NAME is missing and NAME_FILE names a file, its text without the last line break counts.
    Raises `Missing`.
    """
    drawn = False

    def value(found: re.Match[str]) -> str:
        nonlocal drawn
        if found[0].startswith("$$"):
            return found[0][1:]
        name, has_default, default = found[1].partition(":-")
        if not _NAME.fullmatch(name) or not found[2]:
            hint = "write ${NAME}, or $${ for the two characters themselves"
            raise Missing("`${` begins a name from the environment, but none follows", hint,
                          found.start())  # fmt: skip
        given = _look_up(name, environ, found.start())
        if given:
            drawn = True
            return given
        if has_default:
            return default
        if given is not None:
            raise Missing(f"the environment variable {quoted(name)} is empty",
                          f"${{{name}:-}} would allow it", found.start())  # fmt: skip
        near = nearest(name, environ)
        hint = f"did you mean {quoted(near)}?" if near else f"set it, or write ${{{name}:-default}}"
        raise Missing(f"the environment variable {quoted(name)} is not set", hint, found.start())

    return _PLACE.sub(value, text), drawn


def _look_up(name: str, environ: Mapping[str, str], offset: int) -> str | None:
    if name in environ or f"{name}_FILE" not in environ:
        return environ.get(name)
    path = Path(environ[f"{name}_FILE"])
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, ValueError) as error:
        message = f"the file that {quoted(name + '_FILE')} names cannot be read"
        raise Missing(message, type(error).__name__, offset) from None
