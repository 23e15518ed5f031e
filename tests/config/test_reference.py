"""The tables of the docs are made from the models, and leave nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from router.config import adapter_classes
from router.config.reference import render_adapter, render_settings
from router.config.sections.shape import Shape
from router.config.sections.whole import Config
from tests.config.pretend import Hook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel


def sections(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield a section and every section under it."""
    yield model
    for info in model.model_fields.values():
        inner: list[Any] = [info.annotation]
        for shape in Shape(info.annotation).forms():
            inner += getattr(shape.annotation, "__args__", ())
        for each in inner:
            for found in Shape(each).models():
                yield from sections(found)


def test_every_setting_is_described() -> None:
    """No setting of the file or of a built-in adapter goes without its sentence."""
    models: set[type[BaseModel]] = set(sections(Config))
    for kind in adapter_classes().values():
        models |= set(sections(kind.Settings))

    assert [] == [
        f"{model.__name__}.{name}"
        for model in models
        for name, info in model.model_fields.items()
        if not (info.description or "").endswith((".", ":"))
    ]


@pytest.mark.parametrize(
    "row",
    [
        "`shards` | whole number | `8` | Shares of the users;",
        "`queue.stream` | text | `events` | The stream that producers XADD to. |",
        "`dedupe.memory` | size | `256MB` | Memory for remembering;",
        "`destinations.NAME.delivery.retry.for` | duration | `24h` | Time since",
        "`worker.processes` | whole number | one per core, at most 8 | Processes",
    ],
)
def test_rows_of_the_table(row: str) -> None:
    """A setting stands in the table as it is written in the file, with its default."""
    assert 1 == sum(line.startswith(f"| {row}") for line in render_settings().splitlines())


def test_the_table_names_every_word_of_the_shape() -> None:
    """What design and README show in a file can be looked up."""
    table = render_settings()

    for path in ("redis", "data", "broker", "privacy_key", "pii.trusted", "egress.allow",
                 "sources.NAME.write_keys", "consent.missing", "destinations.NAME.type",
                 "destinations.NAME.consent.not_required",
                 "destinations.NAME.privacy.rules[].match.detect",
                 "destinations.NAME.delivery.batch.wait", "worker.lease"):  # fmt: skip
        assert f"| `{path}` |" in table


def test_an_adapter_has_its_own_table() -> None:
    """An adapter is introduced by its docstring, its names, and the settings it takes."""
    assert render_adapter("hook", Hook) == (
        "### `hook`\n\n"
        "Pretends to be a webhook.\n\n"
        "Takes all event types. An event's `integrations` map may call it `Hook`.\n\n"
        "| Setting | Type | Default | What it means |\n"
        "| --- | --- | --- | --- |\n"
        "| `settings.url` | text | **required** | Where to post. |\n"
        "| `settings.secret` | secret text or list of secret text |  | Signs requests. |\n"
        "| `settings.log` | path |  | A file beside. |\n"
        "| `settings.tries` | whole number | `1` | How often. |\n"
    )
