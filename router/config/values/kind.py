"""A kind: what a person calls a type, in errors and in the settings table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A name to annotate a type with, where its own says nothing to an operator."""

    name: str
