"""How a command ends when it did not do what was asked: a sentence and an exit code."""

from __future__ import annotations

import errno
import os
import traceback
from enum import IntEnum
from pathlib import Path

import click


class Exit(IntEnum):
    """The exit codes, for scripts."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    SOME_FAILED = 3
    NOTHING_MATCHED = 4
    REFUSED = 5
    NOT_FOUND = 6
    STOPPED = 9
    NOT_CONSERVED = 10
    DIFFERENT = 11
    INTERRUPTED = 130


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Of a disk, or of whatever standard output leads to."""


class Failure(click.ClickException):
    """A sentence for the operator. It never holds a value of an event or a secret."""

    def __init__(self, message: str, code: Exit = Exit.ERROR) -> None:
        super().__init__(message)
        self.exit_code = int(code)  # type: ignore[misc]  # click reads the instance

    def show(self, file: object = None) -> None:
        """Write the sentence on standard error."""
        del file
        click.echo(f"router: {self.message}", err=True)


def failure(error: Exception) -> Failure:
    """Return what to tell of an error that nobody expected.

    Its own text may quote an event, so only its type and its place are told; ROUTER_DEBUG=1
    prints all of it.
    """
    from router.config.problem import ConfigError  # noqa: PLC0415 - only when something failed

    if isinstance(error, ConfigError):
        return Failure("the configuration cannot be used\n" + str(error), Exit.USAGE)
    if os.environ.get("ROUTER_DEBUG"):
        traceback.print_exception(error)
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return Failure(f"nothing more can be written: {os.strerror(error.errno).lower()}")
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
    return Failure(
        f"unexpected error: {type(error).__name__} at {place}"
        " (ROUTER_DEBUG=1 shows all of it, values of events included)"
    )
