"""The configuration that a worker works with: read once, and again when an operator asks for it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from router.config import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.config import Config

_log = logging.getLogger(__name__)

NEED_RESTART = ("redis", "data", "broker", "shards", "worker", "privacy_key")
"""Sections that a process is built upon: where they change, it must be started again."""


class Configured:
    """What a worker works with; `problem` says why it is not what the file says now."""

    def __init__(self, config: Config, load: Callable[[], Config]) -> None:
        self.config = config
        self.problem = ""
        self._load = load
        self._reloads: int | None = None

    def outdated(self, reloads: int) -> bool:
        """Read the file again if that was asked for; tells whether it says something else now.

        `reloads` is how often workers were asked, ever. The first look reads it in any case: it
        may have changed since this process began.
        """
        if reloads == self._reloads:
            return False
        self._reloads = reloads
        before = self.config.digest
        self._read_again()
        return self.config.digest != before

    def _read_again(self) -> None:
        try:
            found = self._load()
        except ConfigError as error:
            self.problem = f"{len(error.problems)} problem(s), the first: {error.problems[0]}"
        except Exception as error:  # noqa: BLE001 - an adapter of a stranger's may raise anything
            self.problem = f"reading it failed with {type(error).__name__}"
        else:
            changed = [each for each in NEED_RESTART
                       if getattr(found, each) != getattr(self.config, each)]  # fmt: skip
            self.problem = f"{', '.join(changed)} changed: restart this worker" if changed else ""
            if not changed:
                self.config = found
        if self.problem:
            _log.error("the configuration was not taken over: %s", self.problem)
