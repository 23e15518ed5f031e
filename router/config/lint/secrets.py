"""Findings about secrets that stand in the file itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from router.config.lint.finding import Finding, Notes
from router.config.problem import dotted
from router.config.sections.shape import Shape, shape_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from destinations import Settings
    from router.config.document import Where
    from router.config.sections.whole import Config

_LIKE_A_KEY = re.compile(r"(?=[^/]*\d)[A-Za-z0-9_\-=.]{12,}")
HINT = 'write "${NAME}" and set the environment variable, or NAME_FILE'


def lint_secrets(config: Config) -> Iterator[Finding]:
    """Yield a finding for each secret that did not come from the environment.

    A secret URL counts only when it holds a password, a query or a part like a key.
    """
    note = Notes(config)
    document = config.document
    if document is None:
        return
    settings: dict[Where, type[Settings]] = {
        ("destinations", name, "settings"): type(each.settings)
        for name, each in config.destinations.items()
    }
    for where in document.values:
        value = document.at(where)
        if not isinstance(value, str) or not value or where in document.drawn:
            continue
        shape = shape_at(Shape(type(config)), where, settings)
        secret = shape is not None and shape.secret
        if "://" in value:
            secret = _tells(value) if secret else bool(_password(value))
        if secret:
            yield note.warning(
                "secret_in_file", where,
                f"a secret stands in the file: {dotted(where)}", HINT,
            )  # fmt: skip


def _password(url: str) -> str | None:
    try:
        return urlsplit(url).password
    except ValueError:
        return None


def _tells(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    keys = any(_LIKE_A_KEY.fullmatch(part) for part in parts.path.split("/"))
    return bool(parts.password or parts.username or parts.query or keys)
