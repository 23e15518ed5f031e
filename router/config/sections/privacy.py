"""What a destination may see: the values that privacy rules match, and what becomes of them."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from router.config.problem import Wrong, quoted, unknown
from router.config.sections.section import Section, Word
from router.config.values.keys import TokenKey, root_of
from router.config.values.kind import Kind
from router.config.values.paths import RulePath
from router.decide.policy.calling import CALLING
from router.decide.policy.keys import words_of
from router.decide.policy.vendors import HASHED, SHORT, VENDORS, split, wants_country
from router.decide.spelling import nearest

DetectKind: TypeAlias = Literal[
    "email", "phone", "card", "ip", "iban", "ssn", "national_id", "mac", "jwt", "crypto"
]
Action: TypeAlias = Literal[
    "keep", "drop", "mask", "hash", "token", "truncate", "generalise", "redact"
]


def _vendor_field(text: str) -> str:
    vendor, field = split(text)
    if vendor not in VENDORS:
        raise unknown(vendor, list(VENDORS))
    known = VENDORS[vendor]
    if field in known.unhashed:
        raise Wrong(f"{known.title} wants {field} as it is", "keep it, drop it or generalise it")
    if field not in ("", HASHED, *known.fields) or text.endswith("."):
        fields = [*known.fields, HASHED]
        near = nearest(field, [*fields, *SHORT])
        hint = f'did you mean "{vendor}.{near}"?' if near else f"known: {', '.join(fields)}"
        raise Wrong(f"{known.title} has no hashed field {quoted(field)}", hint)
    return text


def _country(text: str) -> str:
    if text not in CALLING:
        raise Wrong(f"no country is called {quoted(text)}", "two letters such as US or DE")
    return text


VendorField: TypeAlias = Annotated[str, AfterValidator(_vendor_field), Kind("vendor's field")]
Country: TypeAlias = Annotated[str, AfterValidator(_country), Kind("country")]


class Matcher(Section):
    """Matches values by where they stand, by what a key says, by what they are, or both."""

    path: RulePath | None = Field(None, description="Where values stand; see `match`.")
    keys: tuple[Word, ...] = Field(
        (),
        min_length=1,
        description="What keys say, at any depth: `red`, `yellow` (Segment's matchers), or words "
        "of your own; `loyalty number` is in `customerLoyaltyNumber` and `loyalty_number`.",
    )
    detect: tuple[DetectKind, ...] = Field(
        (),
        min_length=1,
        description="Kinds of personal data that are recognised by value.",
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.path is None and not self.keys and not self.detect:
            raise Wrong("path, keys or detect must be given")
        for key in self.keys:
            if not words_of(key):
                raise Wrong(f"{quoted(key)} has no word that a key could have")
        if self.path is not None and self.keys:
            raise Wrong("either path or keys, not both", "write two rules")
        return self

    @property
    def in_words(self) -> str:
        """What it matches, for a sentence about its rule."""
        where = f"keys {', '.join(self.keys)}" if self.keys else quoted(self.path)
        if not self.detect:
            return where
        kinds = f"detected {', '.join(self.detect)}"
        return f"{kinds} in {where}" if self.keys or self.path else kinds


def _match_kind(value: Any) -> str:
    return "section" if isinstance(value, dict | Matcher) else "text"


Match: TypeAlias = Annotated[
    Annotated[RulePath, Tag("text")] | Annotated[Matcher, Tag("section")],
    Discriminator(_match_kind),
]


class Rule(Section):
    """One privacy rule: which values, and what becomes of them."""

    match: Match = Field(
        description="A path (`traits.email`, `properties.products[*].note`, `**.phone`), "
        "`{detect: [email, ...]}` for values by what they are, `{keys: [red, ...]}` for values by "
        "what their keys say; a path or keys with `detect` looks for values below them alone."
    )
    do: Action = Field(description="What becomes of a matching value.")
    as_: VendorField | None = Field(
        None,
        alias="as",
        description="With `hash`: the vendor and its field, such as `meta.em` or `google.phone`; "
        "with `detect` the vendor alone will do. `.hashed` takes hashes that were made before.",
    )
    country: Country | None = Field(
        None, description="With `as`: the country of phone numbers that begin with no `+` or `00`."
    )

    @property
    def matcher(self) -> Matcher:
        """What it matches, a bare path as a section."""
        return Matcher(path=self.match) if isinstance(self.match, str) else self.match

    @model_validator(mode="after")
    def _as_fits(self) -> Self:
        if self.as_ is None:
            if self.country is not None:
                raise Wrong('"country" says nothing without "as"', "as: meta.phone")
            return self
        if self.do != "hash":
            raise Wrong(f'"as" says nothing with do: {self.do}', "do: hash")
        vendor, field = split(self.as_)
        fields = (field,) if field else self.matcher.detect
        if not fields:
            raise Wrong(f"which field of {vendor}?", f"as: {vendor}.email")
        for each in fields:
            if each not in (*VENDORS[vendor].fields, HASHED):
                raise Wrong(f"{VENDORS[vendor].title} has no hashed field {quoted(each)}")
        if self.country is not None and not any(wants_country(vendor, each) for each in fields):
            raise Wrong('"country" is for phone numbers alone')
        return self


class Privacy(Section):
    """What a destination may see of an event; the first matching rule wins for each value."""

    default: Literal["keep", "drop"] = Field(
        "keep", description="What becomes of values no rule matches; `drop` is an allow-list."
    )
    rules: tuple[Rule, ...] = Field((), description="Rules, the first that matches wins.")
    token_key: TokenKey | None = Field(
        None,
        description="Key of this destination's tokens; default: made from `privacy_key`. Another "
        "key makes other tokens; see [Tokens](privacy.md#tokens).",
    )

    @property
    def token_root(self) -> bytes | None:
        """The key from which the destination's tokens are made; None for the router's own."""
        return None if self.token_key is None else root_of(self.token_key)
