"""Log lines: one format for all processes, quiet libraries, no secrets.

`2026-08-01T12:00:00.123Z INFO 4711 router.engine: message`, on standard error.
"""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

QUIET = ("asyncio", "hpack", "httpcore", "httpx", "kombu", "redis", "urllib3")
"""Libraries whose lines below WARNING hold addresses (httpx: whole URLs) or say nothing."""

_USERINFO = re.compile(r"(\w://)[^\s/@'\"]+@")
_QUERY = re.compile(r"(\w://[^\s?'\"]+\?)[^\s'\"]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Line(logging.Formatter):
    """One line a record; a traceback follows, indented, so that each line has its owner."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without passwords, queries of URLs, or what a terminal would obey."""
        return _harmless(super().format(record)).replace("\n", "\n  ")


def configure(level: int | str = logging.INFO, file: Path | None = None) -> None:
    """Send all log lines of this process to standard error, or to a file."""
    handler = logging.FileHandler(file) if file else logging.StreamHandler()
    handler.setFormatter(Line())
    root = logging.getLogger()
    for other in root.handlers[:]:
        root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)


def _harmless(text: str) -> str:
    text = _QUERY.sub(r"\1***", _USERINFO.sub(r"\1***@", text))
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
