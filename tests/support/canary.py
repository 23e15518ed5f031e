"""Planted secrets, and the ears that hear when a log line sings one of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

EMAIL = "canary.bird@coalmine.test"
PHONE = "+15550142357"
SECRET = "canary-secret-8d1f6c02b7"
USER = "canary-user-5e9a"

PLANTED = (EMAIL, PHONE, SECRET, USER, "canary.bird", "5550142357")
"""What may stand in no log line of any test, whatever its level."""


class Canary(logging.Handler):
    """Listens to all loggers at DEBUG; `sung` are the planted values that it heard."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.planted = set(PLANTED)
        self.sung: list[str] = []
        self.lines = 0

    def plant(self, *values: str) -> None:
        """Make more values forbidden for the rest of this test."""
        self.planted.update(values)

    def emit(self, record: logging.LogRecord) -> None:
        """Look for planted values in the line, its exception and its extra fields."""
        self.lines += 1
        extra = {k: v for k, v in vars(record).items() if k not in {"msg", "args", "message"}}
        text = f"{self.format(record)} {record.args!r} {extra!r}"
        for value in self.found(text):
            self.sung.append(f"{value!r} in {record.name} {record.levelname} {record.msg!r}")

    def found(self, text: str) -> list[str]:
        """Return the planted values that a text holds."""
        return [value for value in self.planted if value in text]


def listening() -> Iterator[Canary]:
    """Yield a canary that hears the root logger at DEBUG, and put all back afterwards."""
    root = logging.getLogger()
    level = root.level
    canary = Canary()
    root.addHandler(canary)
    root.setLevel(logging.DEBUG)
    try:
        yield canary
    finally:
        root.removeHandler(canary)
        root.setLevel(level)
