"""The filters of a destination: which events they are for, and what becomes of those."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from router.config.problem import Wrong, quoted
from router.config.sections.section import Section, Word
from router.config.values.kind import Kind
from router.config.values.paths import WrongPath
from router.decide.filters.tokens import FilterError, keys_of

BELONGS = {
    "sample": {"percent", "path"},
    "drop": set[str](),
    "drop_properties": {"fields"},
    "allow_properties": {"fields"},
}
"""An action, and the words that say more about it."""
NEEDED = {
    "sample": ("percent", "the share that passes, from 0 to 1"),
    "drop_properties": ("fields", "{properties: [key, ...]}"),
    "allow_properties": ("fields", "{properties: [key, ...]}"),
}
OWN_MAP = "integrations"


def check_place(text: str) -> str:
    """Return the path of a place as it is; raises `WrongPath`."""
    try:
        keys_of(text)
    except FilterError as error:
        hint = "keys between dots; a dot within a key is `\\.`"
        raise WrongPath(error.message, hint, error.column - 1) from None
    return text


def _objects(text: str) -> str:
    if text:
        check_place(text)
    if text.partition(".")[0] == OWN_MAP:
        hint = f"a privacy rule for {OWN_MAP}.NAME reaches the options of a destination"
        raise Wrong(f"the {quoted(OWN_MAP)} map never leaves, so there is nothing to trim", hint)
    return text


def _no_hundredths(value: Any) -> Any:
    if type(value) in (int, float) and 1 < value <= 100:
        raise Wrong('"percent" must be at most 1', f"{value / 100:g} is {value:g} percent")
    return value


Condition: TypeAlias = Annotated[str, Field(min_length=1), Kind("filter (FQL)")]
"""`check_filters` reads it, and knows the column at which it goes wrong."""
Place: TypeAlias = Annotated[
    str, Field(min_length=1), AfterValidator(check_place), Kind("path in the event")
]
Objects: TypeAlias = Annotated[str, AfterValidator(_objects), Kind("path in the event")]
Share: TypeAlias = Annotated[float, BeforeValidator(_no_hundredths), Field(ge=0, le=1)]


class Filter(Section):
    """What becomes of a destination's events that match an expression."""

    if_: Condition = Field(
        alias="if", description="The events it is for, as an expression (FQL); `all` for all."
    )
    do: Literal["drop", "sample", "drop_properties", "allow_properties"] = Field(
        description="`drop` and `sample` decide whether the event goes; the others trim it. Done "
        "in the order sample, drop, drop_properties, allow_properties."
    )
    percent: Share | None = Field(
        None, description="`sample`: the share that passes, from 0 to 1 (0.1 is ten percent)."
    )
    path: Place | None = Field(
        None,
        description="`sample`: events with equal values here are decided alike (`userId`); "
        "default: each for itself.",
    )
    fields: dict[Objects, tuple[Word, ...]] = Field(
        {},
        description='Trimming: keys by the path of the object that has them (`{"": [userId], '
        "context: [ip], properties.products: [price]}`); of a list, each element.",
    )

    @model_validator(mode="after")
    def _words_belong(self) -> Self:
        given = self.model_fields_set - {"if_", "do"}
        for word in sorted(given - BELONGS[self.do]):
            owners = [do for do, words in BELONGS.items() if word in words]
            raise Wrong(f"{quoted(word)} says nothing to {self.do}", f"for {', '.join(owners)}")
        word, hint = NEEDED.get(self.do, ("", ""))
        if word and not (getattr(self, word) or getattr(self, word) == 0):
            raise Wrong(f"{quoted(word)} is missing here", hint)
        return self
