"""Transformations of a source or of a destination: a list of small steps."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from router.config.problem import Wrong
from router.config.sections.filters import Condition
from router.config.sections.section import Section, Word
from router.config.values.keys import HashKey
from router.config.values.kind import Kind
from router.config.values.paths import WrongPath
from router.decide.reshape.changes import changes_of
from router.decide.reshape.places import ReshapeError, changeable, readable
from router.decide.reshape.transform import compile_step

_LARGEST = 2**63
_DEEPEST = 16


def _checked(text: str, read: Any) -> str:
    try:
        read(text)
    except ReshapeError as error:
        raise WrongPath(error.message, "", error.column - 1) from None
    return text


def _readable(text: str) -> str:
    return _checked(text, readable)


def _changeable(text: str) -> str:
    return _checked(text, changeable)


def _json(value: Any, depth: int = 0) -> Any:
    """Return the value as it is, if an event could hold it."""
    if depth > _DEEPEST:
        raise Wrong("this value is nested too deeply")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise Wrong("the keys of this value must be text", "put them in quotes")
        return {key: _json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item, depth + 1) for item in value]
    if isinstance(value, str | bool | None):
        return value
    if isinstance(value, int | float) and -_LARGEST <= value < _LARGEST:
        return value
    raise Wrong("no event can hold this value", "put it in quotes")


ReadPath: TypeAlias = Annotated[
    str, Field(min_length=1), AfterValidator(_readable), Kind("path in the event")
]
ChangedPath: TypeAlias = Annotated[
    str, Field(min_length=1), AfterValidator(_changeable), Kind("path in the event")
]
Json: TypeAlias = Annotated[Any, AfterValidator(_json), Kind("any value")]


class Hashing(Section):
    """What a step hashes: SHA-256, with a key HMAC-SHA256, of values as they stand."""

    paths: tuple[ChangedPath, ...] = Field(min_length=1, description="The places of the values.")
    key: HashKey | None = Field(
        None, description="A secret, for HMAC: without it anybody can try values out."
    )
    encoding: Literal["hex", "base64", "base64url"] = Field(
        "hex", description="How the digest is written; `base64url` goes without padding."
    )

    @property
    def secret(self) -> bytes:
        """The key; empty for a plain hash."""
        return self.key.get_secret_value().encode() if self.key else b""


class Step(Section):
    """One step: all of it reads the event as it was before the step."""

    if_: Condition | None = Field(
        None, alias="if", description="The events it is for, as an expression; default: all."
    )
    rename_event: Word | None = Field(None, description="The new name of the event (`event`).")
    rename: dict[ChangedPath, ChangedPath] = Field(
        {}, description="New places by old ones: `{properties.total: properties.value}`."
    )
    copy_: dict[ReadPath, ChangedPath] = Field(
        {}, alias="copy", description="Places of copies by the places of what is copied."
    )
    set_: dict[ChangedPath, Json] = Field(
        {}, alias="set", description="Values by their places: `{properties.currency: EUR}`."
    )
    hash_: Hashing | None = Field(None, alias="hash", description="Values that become a hash.")
    drop: tuple[ChangedPath, ...] = Field((), description="Places of values that are taken out.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.model_fields_set - {"if_"}:
            raise Wrong(
                "a step that changes nothing", "rename_event, rename, copy, set, hash, drop"
            )
        try:
            changes_of(self)
            compile_step(self.model_copy(update={"if_": None}))
        except ReshapeError as error:
            raise Wrong(error.message, "make two steps of it") from None
        return self
