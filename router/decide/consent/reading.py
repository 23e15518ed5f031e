"""Reading: what an event says of each kind of consent, gathered into the shape of signals.

Nothing here raises, whatever JSON is given; what is odd is kept as doubt, never as consent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from router.decide.consent import gpp, tcf, usp
from router.decide.consent.places import GOOGLE
from router.decide.spelling import spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

MOST_CATEGORIES = 64
"""An event with more is not believed: its signals travel with each of its deliveries."""
LONGEST_NAME = 200
"""Characters of a category, a provider, a strategy, a list of sections written as text."""
UNREADABLE = ""
"""Stands for a text that is none, is too long, or differs from another in the same event."""
_LONGEST = {"tcf": tcf.LONGEST, "gpp": gpp.LONGEST, "usp": usp.LONGEST}
_GOOGLE = {spelled(name): name for name in GOOGLE}
_LISTS = {spelled(name): name for name in ("allowedConsentIds", "deniedConsentIds")}
_GRANTED = frozenset({"granted", "true"})
_ANSWERS = {"1": True, "true": True, "0": False, "false": False}
_NUMBER = re.compile(r"-?[0-9]{1,4}", re.ASCII)


class Found:
    """What was found so far. Where a thing is said twice, the stricter counts."""

    __slots__ = ("_granting", "_heard", "_said")

    def __init__(self) -> None:
        self._said: dict[str, Any] = {}
        self._granting: list[Collection[str]] = []
        """What each shape of categories names that may be granted."""
        self._heard: dict[str, set[Any]] = {}
        """What is said of a kind by all who say it, where only together they tell."""

    def preferences(self, preferences: Any) -> None:
        """Read Segment's `categoryPreferences`; none or empty is a refusal of all."""
        given = {} if preferences is None or preferences == [] else preferences
        if type(given) is not dict:
            self._said["malformed"] = True
            return
        self._granting.append(given)
        self._add(given.items())

    def lists(self, consent: Any) -> None:
        """Read RudderStack's `consentManagement`; what is in both of its lists is denied.

        A list under a name that is misspelled cannot be read.
        """
        given = {} if consent == [] else consent
        if type(given) is not dict:
            self._said["malformed"] = True
            return
        if any(spelled(key) in _LISTS for key in given.keys() - _LISTS.values()):
            self._said["malformed"] = True
        for allowed, word in zip((True, False), _LISTS.values(), strict=True):
            names = given.get(word)
            if names is not None and not _is_names(names):
                self._said["malformed"] = True
                names = None
            if allowed:
                self._granting.append(names or ())
            self._add((name, allowed) for name in names or () if name)
        for key, word in (("provider", "provider"), ("strategy", "resolutionStrategy")):
            value = given.get(word)
            if type(value) is str and value:
                self._said[key] = value[:LONGEST_NAME]
            elif value not in (None, "") and key == "provider":
                self._said["malformed"] = True

    def _add(self, said: Iterable[tuple[str, Any]]) -> None:
        categories = self._said.setdefault("categories", {})
        for name, value in said:
            if len(categories) >= MOST_CATEGORIES or len(name) > LONGEST_NAME:
                self._said["malformed"] = True
                return
            if categories.get(name, True) is True or value is False:
                categories[name] = value if type(value) is bool else None

    def gpc(self, value: Any) -> None:
        """Read Global Privacy Control: true or 1, exactly; of several headers one is enough.

        Several are a list, or one text with commas, as servers join them.
        """
        if type(value) is str and "," in value:
            value = [each.strip() for each in value.split(",")]
        for each in value if type(value) is list else (value,):
            if each is True or each == "1" or (type(each) is int and each == 1):
                self._said["gpc"] = True
            elif each is False:
                self._said.setdefault("gpc", False)

    def text(self, kind: str, value: Any) -> None:
        """Read a string that is decoded when it is judged; an empty one says nothing."""
        if value != "":
            fine = type(value) is str and len(value) <= _LONGEST[kind]
            self._hear(kind, value if fine else UNREADABLE)

    def applies(self, value: Any) -> None:
        """Read whether the GDPR applies: null where it is said, and not whether."""
        plain = isinstance(value, str | int)
        self._hear("applies", _ANSWERS.get(str(value).lower()) if plain else None)

    def sections(self, value: Any) -> None:
        """Read which GPP sections apply; unknown (0, odd, none) means that all may."""
        items = value if type(value) is list else [value]
        texts = [str(each) for each in items if type(each) in (str, int)]
        numbers = [int(n) for text in texts for n in _NUMBER.findall(text[:LONGEST_NAME])]
        fine = len(texts) == len(items) <= MOST_CATEGORIES and numbers and 0 not in numbers
        self._hear("sections", tuple(sorted(set(numbers))) if fine else None)

    def google(self, value: Any) -> None:
        """Read a map of Google's consent mode; what is not granted is denied."""
        google = self._said.setdefault("google", {})
        for key, state in value.items() if type(value) is dict else ():
            name = _GOOGLE.get(spelled(key))
            if name is not None and state is not None:
                granted = str(state).lower() in _GRANTED if type(state) in (str, bool) else False
                before = google.get(name) != "denied"
                google[name] = "granted" if granted and before else "denied"

    def google_name(self, name: str, state: Any) -> bool:
        """Read one name of Google's consent mode that stands by itself; False if it is none."""
        if spelled(name) not in _GOOGLE:
            return False
        self.google({name: state})
        return True

    def _granted_by_all(self) -> dict[str, Any]:
        """Return the categories without those that one of the shapes does not grant."""
        return {
            name: value
            for name, value in self._said["categories"].items()
            if value is not True or all(name in names for names in self._granting)
        }

    def _hear(self, kind: str, value: Any) -> None:
        self._heard.setdefault(kind, set()).add(value)

    def signals(self) -> dict[str, Any] | None:
        """Return what was found; see `decide.consent.signals`."""
        said, heard = self._said, self._heard
        if len(self._granting) > 1:
            said["categories"] = self._granted_by_all()
        if "usp" in heard:
            said["usp"] = _one(heard["usp"], UNREADABLE)
        if "tcf" in heard or "applies" in heard:
            answers = heard.get("applies", set())
            applies = True if True in answers else _one(answers, None)
            said["tcf"] = {"applies": applies, "string": _one(heard.get("tcf"), UNREADABLE)}
        sections = _one(heard.get("sections"), None)
        if "gpp" in heard or any(section > 0 for section in sections or ()):
            said["gpp"] = {
                "string": _one(heard.get("gpp"), UNREADABLE),
                "sections": sections and list(sections),
            }
        return said or None


def _one(heard: set[Any] | None, otherwise: Any) -> Any:
    """Return what all say, if they say the same."""
    return next(iter(heard)) if heard and len(heard) == 1 else otherwise


def _is_names(names: Any) -> bool:
    return type(names) is list and all(type(name) is str for name in names)


READERS: dict[str, Callable[[Found, Any], None]] = {
    "gpc": Found.gpc,
    "usp": lambda found, value: found.text("usp", value),
    "tcf": lambda found, value: found.text("tcf", value),
    "gpp": lambda found, value: found.text("gpp", value),
    "applies": Found.applies,
    "sections": Found.sections,
    "google": Found.google,
}
"""What reads a value of each kind."""
