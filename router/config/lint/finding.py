"""A finding: something about a configuration that works, and that somebody should know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from router.config.problem import dotted

if TYPE_CHECKING:
    from router.config.document import Where
    from router.config.sections.whole import Config

Level: TypeAlias = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What `router check` says about one place of a configuration.

    `where` is the way there in words (`destinations.hook.privacy`); `line` and `column` are None
    when the configuration came from no file. No text of it ever holds the value of a secret.
    """

    level: Level
    code: str
    where: str
    line: int | None
    column: int | None
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """Makes findings at places of one configuration, with their lines."""

    config: Config

    def error(self, code: str, where: Where, message: str, hint: str = "") -> Finding:
        """Note what cannot work, or must not."""
        return self._note("error", code, where, (message, hint))

    def warning(self, code: str, where: Where, message: str, hint: str = "") -> Finding:
        """Note what is probably not meant."""
        return self._note("warning", code, where, (message, hint))

    def info(self, code: str, where: Where, message: str, hint: str = "") -> Finding:
        """Note what is good to know."""
        return self._note("info", code, where, (message, hint))

    def _note(self, level: Level, code: str, where: Where, text: tuple[str, str]) -> Finding:
        line = column = None
        if self.config.document is not None:
            spot = self.config.document.spot(where, key=True)
            line, column = spot.line, spot.column
        return Finding(level, code, dotted(where), line, column, *text)
