"""The settings as tables for the docs, made from the models that read them."""

from __future__ import annotations

import inspect
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from destinations import ALL_TYPES, Settings
from router.config.sections.shape import Shape, word
from router.config.sections.whole import Config
from router.config.values.units import format_duration, format_rate, format_size
from router.decide.policy.actions import MEANINGS
from router.decide.policy.vendors import SHORT, VENDORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic.fields import FieldInfo

    from destinations import Adapter

HEAD = "| Setting | Type | Default | What it means |\n| --- | --- | --- | --- |"


def render_settings() -> str:
    """Return the table of every setting of the configuration file, in Markdown."""
    return "\n".join([HEAD, *_rows(Config, "")]) + "\n"


def render_actions() -> str:
    """Return the table of what privacy rules do to a value, in Markdown."""
    rows = [f"| `{do}` | {meaning} |" for do, meaning in MEANINGS.items()]
    return "\n".join(["| `do` | what becomes of the value |", "| --- | --- |", *rows]) + "\n"


def render_vendors() -> str:
    """Return the table of what vendors want hashed, and how it is spelled, in Markdown."""
    rows = ["| `as` | spelled | fields |", "| --- | --- | --- |"]
    for name, vendor in VENDORS.items():
        encoding = "base64" if vendor.base64 else "hexadecimal"
        unhashed = f"; wants {', '.join(vendor.unhashed)} as they are" if vendor.unhashed else ""
        rows.append(f"| **`{name}`** | {vendor.title}: SHA-256, {encoding}{unhashed} | |")
        for spell in dict.fromkeys(vendor.fields.values()):
            fields = (_field(name, each) for each, its in vendor.fields.items() if its is spell)
            rows.append(f"| | {_spelling(spell)} | {', '.join(fields)} |")
    short = ", ".join(f"`{word}` {field}" for word, field in SHORT.items())
    return "\n".join(rows) + f"\n\nMeta's own words do as well: {short}.\n"


def _field(vendor: str, field: str) -> str:
    return f"`{vendor}.{field}`"


def _spelling(spell: Callable[..., str | None]) -> str:
    """Return what a spelling's docstring says that it returns."""
    said = inspect.cleandoc(spell.__doc__ or "").partition(".\n")[0].rstrip(".")
    return said.removeprefix("Return ").removeprefix("it ")


def render_adapter(kind: str, adapter: type[Adapter[Any]]) -> str:
    """Return a section about an adapter: what it does, what it takes, and its settings."""
    about = inspect.cleandoc(adapter.__doc__ or adapter.name)
    types = ", ".join(f"`{each}`" for each in sorted(adapter.accepts))
    types = "all event types" if adapter.accepts == ALL_TYPES else types
    names = ", ".join(f"`{each}`" for each in sorted({adapter.name, *adapter.aliases}))
    rows = list(_rows(adapter.Settings, "settings."))
    table = "\n".join([HEAD, *rows]) if rows else "It has no settings."
    return (
        f"### `{kind}`\n\n{about}\n\nTakes {types}. "
        f"An event's `integrations` map may call it {names}.\n\n{table}\n"
    )


def _rows(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, info in model.model_fields.items():
        path = f"{prefix}{word(name, info)}"
        shape = Shape(info.annotation, tuple(info.metadata))
        inner, below = _below(shape, path)
        if inner is None or (isinstance(inner, type) and inner is Settings):
            yield _row(path, shape, info)
        elif _is_plain_section(info, inner):
            yield from _rows(inner, below)
        else:
            yield _row(path, shape, info)
            yield from _rows(inner, below)


def _below(shape: Shape, path: str) -> tuple[type[BaseModel] | None, str]:
    """Return the section that stands under a setting, alone, by name or in a list."""
    for form in shape.forms():
        origin, args = get_origin(form.annotation), get_args(form.annotation)
        if origin is dict:
            inner, below = _below(Shape(args[1]), f"{path}.NAME")
            return inner, below
        if origin in (list, tuple) and args:
            inner, below = _below(Shape(args[0]), f"{path}[]")
            if inner is not None:
                return inner, below
        if isinstance(form.annotation, type) and issubclass(form.annotation, BaseModel):
            return form.annotation, f"{path}."
    return None, path


def _is_plain_section(info: FieldInfo, inner: type[BaseModel]) -> bool:
    """Tell whether a section is always there, so that its own row would say nothing."""
    return info.annotation is inner and not info.is_required()


def _row(path: str, shape: Shape, info: FieldInfo) -> str:
    cells = (f"`{path}`", shape.type_name(), _default(info), info.description or "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    if isinstance(extra, dict) and "default_text" in extra:
        return str(extra["default_text"])
    if info.is_required():
        return "**required**"
    value = info.default
    if value is None or value is PydanticUndefined or value in ((), {}) or value == Settings():
        return ""
    return f"`{_shown(value, Shape(info.annotation, tuple(info.metadata)))}`"


def _shown(value: Any, shape: Shape) -> str:
    kinds = {form.kind for form in shape.forms()} | {shape.kind}
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, bool):
        return str(value).lower()
    if "size" in kinds or type(value).__name__ == "ByteSize":
        return format_size(int(value))
    if "rate" in kinds:
        return format_rate(value)
    if isinstance(value, Path):
        return f"./{value}"
    return str(value)
