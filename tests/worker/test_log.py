"""Log lines: one format, no secrets, nothing that a terminal would obey."""

from __future__ import annotations

import io
import logging
import sys

import pytest

from router.observe import log


def line(message: str, *args: object) -> str:
    """Return what a record becomes."""
    return log.Line().format(
        logging.LogRecord("router.x", logging.INFO, __file__, 1, message, args, None)
    )


def test_a_line_says_when_how_bad_who_and_what() -> None:
    """A line holds the moment in UTC, the level, the process, the logger and the message."""
    written = line("settled %d", 3)

    assert written.endswith("router.x: settled 3")
    assert written.split(" ")[0].endswith("Z")
    assert "INFO" == written.split(" ")[1]


@pytest.mark.parametrize(
    "secret",
    [
        "redis://:hidden-word@store:6379/0",
        "redis+socket://user:hidden-word@/tmp/s?virtual_host=1",
        "http://vendor.example/hook?token=hidden-word",
    ],
)
def test_a_line_holds_no_secret_of_an_address(secret: str) -> None:
    """Passwords and queries of addresses are not written."""
    assert "hidden-word" not in line("cannot connect to %s", secret)


def test_a_line_cannot_pretend_to_be_two() -> None:
    """A newline in a message begins an indented line, and control characters are spelt out."""
    written = line("bad\n2026-01-01 INFO all is well\x1b[2J")

    assert "\n  2026" in written
    assert "\x1b" not in written


def test_libraries_that_log_addresses_are_quiet() -> None:
    """At DEBUG httpx and httpcore still say nothing below WARNING."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.stderr
    levels = {name: logging.getLogger(name).level for name in log.QUIET}
    sys.stderr = written = io.StringIO()
    try:
        log.configure(logging.DEBUG)
        logging.getLogger("httpx").info("HTTP Request: POST http://vendor.example/hidden")
        logging.getLogger("router.engine").debug("seen")
    finally:
        logging.captureWarnings(capture=False)
        root.handlers[:], root.level, sys.stderr = before
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)

    assert "hidden" not in written.getvalue()
    assert "seen" in written.getvalue()
