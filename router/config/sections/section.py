"""What all sections of the configuration have in common."""

import re
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from router.config.problem import Wrong, quoted
from router.observe.reserved import RESERVED

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}", re.ASCII)
_SOURCE = re.compile(r"[^\x00-\x1f\x7f]{1,100}")


class Section(BaseModel):
    """A part of the configuration: read once, never changed, unknown words refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _destination_name(value: str) -> str:
    if value in RESERVED:
        raise Wrong(f"{quoted(value)} cannot name a destination", "the word is taken")
    if not _NAME.fullmatch(value):
        hint = "a-z, 0-9, - and _, at most 63, the first a letter or digit"
        raise Wrong(f"{quoted(value)} cannot name a destination", hint)
    return value


def _source_name(value: str) -> str:
    if not _SOURCE.fullmatch(value):
        raise Wrong(f"{quoted(value)} cannot name a source", "1 to 100 printable characters")
    return value


def _count(value: Any) -> Any:
    if isinstance(value, bool):
        raise Wrong(f"expected a whole number, found {str(value).lower()}")
    return value


DestinationName: TypeAlias = Annotated[str, AfterValidator(_destination_name)]
SourceName: TypeAlias = Annotated[str, AfterValidator(_source_name)]
Count: TypeAlias = Annotated[int, BeforeValidator(_count), Field(ge=1)]
Word: TypeAlias = Annotated[str, Field(min_length=1)]
