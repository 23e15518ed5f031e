"""The consent that a destination needs, and what holds for all of them."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from router.config.problem import Wrong
from router.config.sections.section import Count, Section, Word
from router.decide.consent.tcf import NEVER_LEGITIMATE

Use: TypeAlias = Literal["sale", "share", "targeted_ads", "analytics"]
GoogleName: TypeAlias = Literal[
    "ad_storage", "analytics_storage", "ad_user_data", "ad_personalization",
    "functionality_storage", "personalization_storage", "security_storage",
]  # fmt: skip
LAST_PURPOSE = 11
"""TCF 2.2 and 2.3 have purposes 1 to 11; a string has bits for more, which nobody may set."""


def _some(uses: tuple[Use, ...]) -> tuple[Use, ...]:
    if not uses:
        raise Wrong("an empty list does not say what data is used for", "[analytics]")
    return uses


def _purpose(value: int) -> int:
    if value > LAST_PURPOSE:
        raise Wrong(f"TCF has no purpose {value}", f"they are 1 to {LAST_PURPOSE}")
    return value


def _interest(value: int) -> int:
    if value in NEVER_LEGITIMATE:
        raise Wrong(f"TCF purpose {value} always needs consent", "write it under purposes")
    return value


Uses: TypeAlias = Annotated[tuple[Use, ...], AfterValidator(_some)]
"""What a destination does with data: something, so that nothing is exempt without a word."""
Purpose: TypeAlias = Annotated[Count, AfterValidator(_purpose)]
Interest: TypeAlias = Annotated[Purpose, AfterValidator(_interest)]


class Tcf(Section):
    """What a destination needs of a TCF string, wherever the GDPR applies or may."""

    vendor: Annotated[Count, Field(le=65535)] = Field(
        description="The vendor's id in the global vendor list."
    )
    purposes: tuple[Purpose, ...] = Field(
        (), description="Purposes that need the user's consent, for the vendor too."
    )
    legitimate_interest: tuple[Interest, ...] = Field(
        (),
        description="Purposes for which a legitimate interest is enough; one that stands in both "
        "lists needs either.",
    )


class Requirement(Section):
    """Which consent a destination needs: everything that is written here."""

    require: tuple[Word, ...] = Field((), description="Categories that must all be consented to.")
    any: tuple[Word, ...] = Field((), description="Categories of which one must be consented to.")
    not_required: Word | None = Field(
        None, description="Why this destination needs no consent, as a sentence for the record."
    )
    provider: Word | None = Field(
        None,
        description="The consent platform whose categories these are (`oneTrust`); what events say "
        "of another's counts as nothing. Default: whichever.",
    )
    tcf: Tcf | None = Field(None, description="What it needs of a TCF string.")
    google: tuple[GoogleName, ...] = Field(
        (), description="Names of Google's consent mode that must all be granted."
    )

    @model_validator(mode="after")
    def _meaningful(self) -> Self:
        given = self.model_fields_set - {"provider"}
        categories = given & {"require", "any", "not_required"}
        if len(categories) > 1 or not given:
            raise Wrong("exactly one of require, any and not_required must be given")
        if self.not_required and given != categories:
            raise Wrong("not_required cannot stand beside what is required")
        if not (self.require or self.any or self.not_required or self.tcf or self.google):
            raise Wrong("an empty list of categories says nothing", 'not_required: "why"')
        if self.provider and not (self.require or self.any):
            raise Wrong("provider says whose categories these are, and there are none")
        return self


class Consents(Section):
    """What events may say about consent."""

    categories: tuple[Word, ...] = Field(
        (), description="Categories that events may speak of; others are warned about."
    )
    missing: Literal["deny", "allow"] = Field(
        "deny", description="What an event without consent means; `allow` is Segment's behaviour."
    )
    compat: Literal["segment", "rudderstack"] | None = Field(
        None,
        description="Judge categories as that system does, which lets pass what it does not "
        "understand; warned about. Default: doubt denies.",
    )
