"""Pydantic's errors, told to a person: the line, plain words, the nearest right word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from router.config.problem import Wrong, quoted, unknown
from router.config.sections.shape import Shape, choices, shape_at
from router.config.values.units import format_duration
from router.decide.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import ValidationError

    from destinations import Settings
    from router.config.document import Document, Where

LIMITS = {
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "multiple_of": "a multiple of {multiple_of}",
    "string_too_short": "at least {min_length} characters long",
    "string_too_long": "at most {max_length} characters long",
    "string_pattern_mismatch": "of the form {pattern}",
}
TYPES = ("_type", "_parsing", "_from_float", "is_instance_of")
GUESSED = 8
"""A secret of fewer characters may be a word of any sentence."""
WITHHELD = "why is not told: the reason may hold a short secret of this section"
SHORT = {"string_too_short", "too_short"}


@dataclass(slots=True)
class Wording:
    """Writes the errors of one file's models into its document."""

    document: Document
    root: Shape
    settings: Mapping[Where, type[Settings]]
    meant: set[tuple[Where, str]] = field(default_factory=set)
    """Words that somebody misspelled; they are not said to be missing as well."""

    def tell(self, error: ValidationError, prefix: Where = ()) -> None:
        """Write down every error, unknown words first."""
        found = error.errors(include_url=False, include_input=False)
        for detail in sorted(found, key=lambda detail: detail["type"] != "extra_forbidden"):
            self._one(detail, (*prefix, *detail["loc"]))

    def _one(self, detail: Mapping[str, Any], loc: Where) -> None:
        where = self.document.where(loc)
        if where in self.document.broken:
            return
        kind = detail["type"]
        if kind == "extra_forbidden":
            self.document.blame(where, self._unknown(where), key=True)
        elif kind == "missing":
            self._missing(where, loc)
        else:
            if kind == "too_short" and self.document.at(where):
                return  # its items were refused; they have problems of their own
            wrong = self._wrong(detail, where)
            offset = getattr(wrong, "offset", None)
            self.document.blame(where, wrong, key=loc[-1:] == ("[key]",), shift=offset)

    def _missing(self, where: Where, loc: Where) -> None:
        words = [str(part) for part in loc[len(where) :]]
        if (where, words[-1]) in self.meant:
            return
        shape = self.shape((*where, *words))
        wanted = f"it wants {shape.wanted()}" if shape else ""
        name = quoted(".".join(words))
        self.document.blame(where, Wrong(f"{name} is missing here", wanted), key=True)

    def _unknown(self, where: Where) -> Wrong:
        *around, last = where
        shape = self.shape(tuple(around))
        known = shape.words() if shape else {}
        near = nearest(str(last), known)
        if near is not None:
            self.meant.add((tuple(around), near))
            return unknown(str(last), known)
        deeper = [f"{name}.{last}" for name in known if self._holds((*around, name), str(last))]
        if deeper:
            return Wrong(f"unknown word {quoted(last)}", f"did you mean {quoted(deeper[0])}?")
        return unknown(str(last), known)

    def _holds(self, where: Where, word: str) -> bool:
        shape = self.shape(where)
        return shape is not None and word in shape.words()

    def _wrong(self, detail: Mapping[str, Any], where: Where) -> Wrong:
        context = detail.get("ctx", {})
        error = context.get("error")
        if isinstance(error, Wrong):
            return error
        shape = self.shape(where) or Shape(Any)
        kind = detail["type"]
        value = self.document.at(where)
        if kind in ("literal_error", "enum"):
            return self._choice(value, shape)
        name = next((quoted(part) for part in reversed(where) if isinstance(part, str)), "this")
        if kind in SHORT and not value:
            return Wrong(f"{name} must not be empty")
        if kind in LIMITS:
            shown = {word: _limit(limit) for word, limit in context.items()}
            return Wrong(f"{name} must be {LIMITS[kind].format(**shown)}")
        if kind.endswith(TYPES) or kind.startswith("byte_size"):
            return self._type(value, shape)
        text = hidden(str(error or detail["msg"]), self.secrets(where))
        withheld = Wrong(f"{name} is not accepted", WITHHELD)
        return withheld if text is None else Wrong(_sentence(text))

    @staticmethod
    def _choice(value: Any, shape: Shape) -> Wrong:
        known = [choice for form in shape.forms() for choice in choices(form)]
        if isinstance(value, str):
            return unknown(value, known)
        return Wrong(f"expected {shape.wanted()}, found {found_word(value)}")

    @staticmethod
    def _type(value: Any, shape: Shape) -> Wrong:
        wanted = shape.wanted()
        hint = ""
        if isinstance(value, bool | int | float) and "text" in wanted:
            hint = "put it in quotes"
        elif isinstance(value, str) and wanted == "a list" and value:
            hint = "write it in [ ]" if shape.secret else f"write [{value[:60]}]"
        return Wrong(f"expected {wanted}, found {found_word(value)}", hint)

    def shape(self, where: Where) -> Shape | None:
        """Return what may stand at a place of the file."""
        return shape_at(self.root, where, self.settings)

    def secrets(self, where: Where) -> list[str]:
        """Return the values around a place that no message may hold."""
        section = where[:3] if where[:1] == ("destinations",) else where[:1]
        return [
            str(self.document.at(place))
            for place in self.document.values
            if place[: len(section)] == section
            and not isinstance(self.document.at(place), dict | list)
            and (place in self.document.drawn or self._secret(place))
        ]

    def _secret(self, where: Where) -> bool:
        """Tell whether the value, or the list it stands in, is secret or unknown."""
        shape = self.shape(where)
        return shape is None or shape.secret


def found_word(value: Any) -> str:
    """Say what was found, without its value."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "text" if value else "an empty text"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "a section"


def hidden(text: str, secrets: Iterable[str]) -> str | None:
    """Return the text with every secret starred out, longest first.

    None when it holds a short one: whoever knows the sentence would read it from the gaps, and
    where it stands by chance nobody could read the sentence.
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        if secret in text and len(secret) < GUESSED:
            return None
        text = text.replace(secret, "***")
    return text


def _limit(limit: Any) -> str:
    if isinstance(limit, timedelta):
        return format_duration(limit)
    return f"{limit:,.12g}" if isinstance(limit, int | float) else str(limit)


def _sentence(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
