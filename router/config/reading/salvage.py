"""What a broken file still says: where the store is. On-call people need to look just then."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Any

from pydantic import Field

from router.config.problem import ConfigError
from router.config.reading.syntax import read
from router.config.sections.section import Section
from router.config.sections.whole import Config, Queue
from router.config.values.server import server_url
from router.decide.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[\"']?(\w+)[\"']?[ \t]*:(?=\s|$)")
_LOOSE = re.compile(r"[{\[&*<]")
"""How a line of the outermost section begins that is no `word:`: its words are not looked for."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the store is, and how its public queues are called; makes nothing where none is."""

    redis: str = field(repr=False)
    data: Path
    queue: Queue
    problems: tuple[str, ...]
    """What is wrong with the file, a line each."""
    shards: int = 0


class _Said(Section):
    """The sections that say where the store is, in the words of `Config`."""

    redis: str = "embedded"
    data: Path = Field(Config.model_fields["data"].default)
    queue: Queue = Queue()


def salvage(path: Path, environ: Mapping[str, str], error: ConfigError) -> Whereabouts:
    """Return where the store of a file with errors is.

    Raises the error when that cannot be told beyond doubt: a variable that is not set, a word that
    may be one of these misspelled. The rest of the file may be anything, YAML or not.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        text = "\n".join(_kept(lines))
        values: dict[str, Any] = {}
        if text.strip():
            document = read(text, str(path), environ)
            if document.problems:
                raise error
            values = document.value
        said = _Said.model_validate(values)
        server_url(said.redis)
    except (OSError, ValueError, ConfigError):  # pydantic's own error is a ValueError
        raise error from None
    told = tuple(map(str, error.problems))
    return Whereabouts(
        said.redis, path.parent.absolute() / said.data.expanduser(), said.queue, told
    )


def _kept(lines: Iterable[str]) -> list[str]:
    """Return the lines of the sections that say it, the others empty, so that places stay.

    Raises ValueError where one of them may stand under another name, or in another form.
    """
    kept, inside, seen = [], False, False
    for line in lines:
        found = _WORD.match(line)
        if found:
            word, seen = found[1], True
            inside = word in _Said.model_fields
            if word not in Config.model_fields and nearest(word, _Said.model_fields):
                raise ValueError("a misspelled section may be one of these")
        elif _LOOSE.match(line):
            raise ValueError("the file is not written in lines")
        kept.append(line if inside else "")
    if not seen:
        raise ValueError("the file has no sections")
    return kept
