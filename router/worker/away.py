"""What is logged of a broker that is away: a sentence when it goes, then seldom, until it is back.

Celery asks again after 2, 4, 6 ... up to 30 seconds, without end, and would log each attempt as an
error of three lines that name no setting.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from router.config import Config

AGAIN = 300.0
"""Seconds until a broker that still is away is told again."""
LOGGERS = (
    "celery.worker.consumer.consumer", "celery.worker.consumer.connection", "py.warnings",
)  # fmt: skip
_REFUSED = "consumer: Cannot connect to"
_BACK = "Connected to"
_USELESS = ("consumer: Connection to broker lost", "Skipping prefetch count", "Consumer prefetch")
"""What Celery says between the two: that it tries, and how it counts."""
_DEFAULT = "CPendingDeprecationWarning"
"""Said at each loss: a default will change, which `router.worker.broker.settings` sets anyway."""


class Away(logging.Filter):
    """Lets the first of Celery's lines about a broker that is away pass, in our words."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        named = "`broker:`" if config.broker else "another database of `redis:`"
        slices = config.worker.hosting == "slices"
        self._told = f"the broker ({named}) does not answer: %s. Start it or mend that line; " + (
            "nothing is delivered until then" if slices else "delivery goes on without it"
        )
        self._silent_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line is written; rewrites the one that names the cause."""
        text = record.getMessage()
        if text.startswith(_BACK):
            self._silent_until = 0.0
        if text.startswith(_USELESS) or _DEFAULT in text:
            return False
        if not text.startswith(_REFUSED):
            return True
        now = time.monotonic()
        if now < self._silent_until:
            return False
        self._silent_until = now + AGAIN
        cause = record.args[1] if isinstance(record.args, tuple) else ""
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = self._told, (" ".join(str(cause).split()).rstrip("."),)
        return True


def told_once(config: Config) -> None:
    """Let Celery's lines about its broker pass through one `Away`."""
    away = Away(config)
    for name in LOGGERS:
        logging.getLogger(name).addFilter(away)
