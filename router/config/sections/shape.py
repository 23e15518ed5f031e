"""Walks the models by the words of a file: which words may stand where, and what they want."""

from __future__ import annotations

import types
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ByteSize, SecretBytes, SecretStr

from router.config.values.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo

    from destinations import Settings
    from router.config.document import Where

NAMES: dict[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    Path: "path",
    ByteSize: "size",
    timedelta: "duration",
    SecretStr: "secret text",
    SecretBytes: "secret text",
}
UNITS = {"duration": "10s, 5m or 24h", "size": "500KB or 1MB", "rate": "100/s"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A type as pydantic knows it, with what was annotated to it."""

    annotation: Any
    metadata: tuple[Any, ...] = ()

    def forms(self) -> Iterator[Shape]:
        """Yield the alternatives of a union, without None, each laid bare."""
        origin = get_origin(self.annotation)
        if origin is Annotated:
            inner, *metadata = get_args(self.annotation)
            yield from Shape(inner, (*self.metadata, *metadata)).forms()
        elif origin in (Union, types.UnionType):
            if self.kind is not None:
                yield self
                return
            for member in get_args(self.annotation):
                yield from Shape(member, self.metadata).forms()
        elif self.annotation is not type(None):
            yield self

    @property
    def kind(self) -> str | None:
        """The name that the type was given by a `Kind`."""
        return next((mark.name for mark in self.metadata if isinstance(mark, Kind)), None)

    @property
    def secret(self) -> bool:
        """Whether a value here must not be shown."""
        return any(form.annotation in (SecretStr, SecretBytes) for form in self.forms())

    def models(self) -> list[type[BaseModel]]:
        """Return the sections that may stand here."""
        found = (form.annotation for form in self.forms())
        return [kind for kind in found if isinstance(kind, type) and issubclass(kind, BaseModel)]

    def words(self) -> dict[str, Shape]:
        """Return the words that may stand in a section here, and what each wants."""
        return {
            word(name, info): Shape(info.annotation, tuple(info.metadata))
            for model in self.models()
            for name, info in model.model_fields.items()
        }

    def inside(self, part: str | int) -> Shape | None:
        """Return what may stand under a word of this section, or at a place of this list."""
        words = self.words()
        if part in words:
            return words[str(part)]
        for form in self.forms():
            origin, args = get_origin(form.annotation), get_args(form.annotation)
            if origin is dict and isinstance(part, str):
                return Shape(args[1])
            if origin in (list, tuple, set, frozenset) and isinstance(part, int) and args:
                return Shape(args[0])
        return None

    def wanted(self) -> str:
        """Say in words what is expected here."""
        return " or ".join(dict.fromkeys(_wanted(form) for form in self.forms())) or "nothing"

    def type_name(self) -> str:
        """Name the type for the settings table."""
        return " or ".join(dict.fromkeys(_type_name(form) for form in self.forms()))


def word(name: str, info: FieldInfo) -> str:
    """Return the word of the file that a model's field stands for."""
    return info.alias or name


def shape_at(root: Shape, where: Where, settings: Mapping[Where, type[Settings]]) -> Shape | None:
    """Return what may stand at a place of the file; `settings` knows those of the adapters."""
    shape: Shape | None = root
    for end, part in enumerate(where, start=1):
        if shape is None:
            return None
        known = settings.get(where[:end])
        shape = Shape(known) if known is not None else shape.inside(part)
    return shape


def choices(form: Shape) -> tuple[str, ...]:
    """Return the words of a closed list; empty for anything else."""
    if get_origin(form.annotation) is Literal:
        return tuple(str(choice) for choice in get_args(form.annotation))
    if isinstance(form.annotation, type) and issubclass(form.annotation, Enum):
        return tuple(str(member.value) for member in form.annotation)
    return ()


def _wanted(form: Shape) -> str:
    name = _type_name(form)
    if name in UNITS:
        return f"a {name} such as {UNITS[name]}"
    if choices(form):
        return f"one of {', '.join(choices(form))}"
    if name.startswith("list"):
        return "a list"
    if name in ("text", "secret text"):
        return "text"
    return name if name == "true or false" else f"a {name}"


def _type_name(form: Shape) -> str:  # noqa: PLR0911 - one line for each kind of type
    if form.kind is not None:
        return form.kind
    annotation, origin = form.annotation, get_origin(form.annotation)
    if isinstance(annotation, TypeVar):
        return "value"
    if choices(form):
        return ", ".join(f"`{choice}`" for choice in choices(form))
    if origin is dict:
        return "section"
    if origin in (list, tuple, set, frozenset):
        args = get_args(annotation)
        return f"list of {Shape(args[0]).type_name()}" if args else "list"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "section"
    if annotation in NAMES:
        return NAMES[annotation]
    return "URL" if "Url" in str(annotation) else "value"
