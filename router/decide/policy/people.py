"""`pii.trusted`: what a destination sees that may not see personal data.

By key, red values are dropped and yellow ones become tokens; by value, the kinds of `TOKENS`
become tokens wherever they stand, those of `REMOVED` are redacted. Query strings and JSON in texts
are read as keys and values, a form's field is called what it says it is. Ids stay as they are
unless they are personal data themselves. The rules of the destination run before, and cannot open
this.
"""

from __future__ import annotations

from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from router.decide.detect.clean import LONGEST, MOST, Clean
from router.decide.detect.finder import KINDS
from router.decide.policy.actions import REDACTED, compile_action
from router.decide.policy.detection import Detection
from router.decide.policy.enclosed import OPENINGS, is_replaced, searched
from router.decide.policy.free_text import Told, is_words, may_be_name, told_by
from router.decide.policy.hints import (
    SILENT,
    hint_below,
    hint_in_form,
    is_no_field,
    is_value,
    labels_of,
)
from router.decide.policy.keys import COUNTRY, Colour, colour_of, phrases_of
from router.decide.policy.rules import ALWAYS_KEPT, PERSON_IDS, ROUTING
from router.decide.policy.walk import DROP, KEEP, Changed, Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.policy.hints import Hint
    from router.decide.policy.tokens import Tokens

_PASSED = ALWAYS_KEPT | {"originalTimestamp", "receivedAt", "sentAt"}
_CONTEXT_BY_VALUE = frozenset({"consent", "consentManagement", "timezone", "locale"})
"""Below these, keys such as a category's name say nothing; values do, as everywhere."""
_MOST_KEYS = 4096
TOKENS = ("email", "phone", "iban", "ip", "mac", "crypto")
REMOVED = ("card", "ssn", "jwt")
UNSOUGHT = tuple(kind for kind in KINDS if kind not in (*TOKENS, *REMOVED))
"""Kinds that are found by keys alone: to look for them costs 80 µs an event."""
WORDS = (
    f"red keys are dropped, yellow ones become tokens; by value {', '.join(TOKENS)} become tokens, "
    f"{', '.join(REMOVED)} are redacted, {', '.join(UNSOUGHT)} is not looked for"
)
"""What becomes of personal data, as operators read it."""


class _Owner(NamedTuple):
    """Whose the values of an object are."""

    person: bool
    """A bare `name` is a person's."""
    by_key: bool = True
    hint: Hint = SILENT
    value: Colour | None = None
    """In a form's field: how personal its value is."""
    told: Told = Told.NOTHING
    """Whether people's own words stand here."""


_PERSONS = _Owner(person=True)
_NOBODYS = _Owner(person=False)
_BY_VALUE = _Owner(person=False, by_key=False)


def _never(_: str) -> None:
    """Tell of no text that it is harmless."""


@lru_cache(maxsize=512)
def clean_of(_: _Owner, *, hides_free_text: bool) -> Clean:  # noqa: ARG001 - the cache's key
    """Return the texts that are known to stay in an object, for all who judge them alike.

    Nothing else decides that: whoever takes free text finds more in the JSON that a text encloses.
    """
    return Clean()


class People:
    """The nodes of the walk that takes personal data out; `root_of` an event's type."""

    def __init__(self, tokens: Tokens, *, hides_free_text: bool = False) -> None:
        self._told = told_by if hides_free_text else lambda _: Told.NOTHING
        self._clean_of = partial(clean_of, hides_free_text=hides_free_text)
        self._token = compile_action("token", tokens)
        redact = compile_action("redact", None)
        actions = dict.fromkeys(TOKENS, self._token) | dict.fromkeys(REMOVED, redact)
        self._detection = Detection(actions)
        self._hides = lru_cache(_MOST_KEYS)(self._hides_anew)
        self._nodes: dict[_Owner, Node] = {}
        for_ids = dict.fromkeys(actions, self._token)
        below_id = partial(self._child, _NOBODYS)
        self._id = Node(lambda value: self._detection.in_id(value, for_ids), below_id)
        self._yellow = Node(self._tokenised, self._yellow_child, partial=self._tokenised)
        self._contact = Node(self._contacted, self._contact_child, partial=self._contacted)
        self._by_colour = {
            Colour.RED: DROP,
            Colour.YELLOW: self._yellow,
            Colour.CONTACT: self._contact,
        }
        search, clean = self._search(_NOBODYS)
        self._at_root = {
            **dict.fromkeys(_PASSED, KEEP),
            **dict.fromkeys(PERSON_IDS, self._id),
            ROUTING: DROP,
            "channel": self._node(_BY_VALUE),
            "version": self._node(_BY_VALUE._replace(hint=hint_below("version", SILENT))),
            "context": Node(search, self._context_child, clean=clean),
        }
        self.options = Node(search, lambda _: self._node(_NOBODYS))
        self._root = Node(search, partial(self._root_child, traits=_PERSONS))
        self._group_root = Node(search, partial(self._root_child, traits=_NOBODYS))

    def root_of(self, kind: Any) -> Node:
        """Return where the walk begins: the traits of a group call are no person's."""
        return self._group_root if kind == "group" else self._root

    def _node(self, owner: _Owner) -> Node:
        if owner not in self._nodes:
            self._nodes[owner] = self._make(owner)
        return self._nodes[owner]

    def _make(self, owner: _Owner) -> Node:
        def form(item: dict[str, Any]) -> Node:
            """Return the node of an object that may be a form's field."""
            if not owner.by_key or is_no_field(item):
                return node
            for label in labels_of(item):
                colour, told = colour_of(label), self._told(label)
                if colour not in (Colour.PLAIN, Colour.PERSON) or told is not Told.NOTHING:
                    return self._node(owner._replace(value=colour, told=told))
            hint = hint_in_form(item, owner.hint)
            return node if hint is owner.hint else self._node(owner._replace(hint=hint))

        search, clean = self._search(owner)
        node = Node(search, partial(self._child, owner), partial=search, form=form, clean=clean)
        return node

    def _root_child(self, key: str, traits: _Owner) -> Node:
        if key == "traits":
            return self._node(traits)
        return self._at_root.get(key) or self._child(_NOBODYS, key)

    def _context_child(self, key: Any) -> Node:
        return self._node(_BY_VALUE) if key in _CONTEXT_BY_VALUE else self._child(_NOBODYS, key)

    def _child(self, owner: _Owner, key: Any) -> Node:
        if type(key) is int:
            hint = hint_below(key, owner.hint)
            return self._node(owner._replace(value=None, hint=hint))
        if self._detection.shows_in_key(key):
            return DROP
        if not owner.by_key:
            return self._node(owner)
        of_value = is_value(key) and owner.value
        colour = of_value or colour_of(key)
        if colour is Colour.NAME and (owner.person or of_value):
            colour = Colour.CONTACT
        if colour in self._by_colour:
            return self._by_colour[colour]
        told = owner.told if is_value(key) else self._told(key)
        hint = hint_below(key, owner.hint)
        return self._node(_Owner(colour is Colour.PERSON, hint=hint, told=told))

    def _yellow_child(self, key: Any) -> Node:
        return self._below(key, self._yellow)

    def _contact_child(self, key: Any) -> Node:
        return self._below(key, self._contact)

    def _below(self, key: Any, node: Node) -> Node:
        """Stay as personal as the key above, or become more so."""
        if type(key) is int:
            return node
        if self._detection.shows_in_key(key) or colour_of(key) is Colour.RED:
            return DROP
        if not COUNTRY.isdisjoint(phrases_of(key)):
            return self._node(_NOBODYS)
        return self._yellow if colour_of(key) is Colour.YELLOW else node

    def _tokenised(self, value: Any) -> Any:
        if type(value) is str:
            if not value or is_replaced(value):
                return value
        elif value is None or type(value) in (dict, list):
            return value
        return Changed(self._token(value, None))

    def _contacted(self, value: Any) -> Any:
        return value if type(value) is bool else self._tokenised(value)

    def _search(self, owner: _Owner) -> tuple[Callable[[Any], Any], Clean]:
        """Return what searches the values of an object, and the texts it knows to be clean."""
        detection = self._detection.under(owner.hint)
        is_silent = owner.told is Told.NOTHING
        is_harmless = detection.is_harmless if is_silent else _never
        in_text = detection.searched if is_silent else self._in_words(owner.told, detection)
        in_value = detection.in_value
        by_key, hides = owner.by_key, self._hides
        node_of = cache(partial(self._node, owner))
        clean = self._clean_of(owner)
        add = clean.add  # noting a text is not worth a call

        def search(value: Any) -> Any:
            if type(value) is not str:
                return in_value(value)
            if value in clean:
                return value
            found = value if "@" not in value and is_harmless(value) else in_text(value)
            if by_key and ("=" in value or value[:1] in OPENINGS):
                found = searched(found, node_of(), hides)
            if found is value and len(value) <= LONGEST:
                if len(clean) >= MOST:
                    clean.forget()
                add(value)
            return found

        return search, clean

    def _in_words(self, told: Told, detection: Detection) -> Callable[[str], Any]:
        """Return what goes by what the key of a text tells of its words, and by the text."""

        def in_words(text: str) -> Any:
            if told is Told.WRITTEN and is_words(text):
                return Changed(REDACTED)
            if told is Told.ASKED and may_be_name(text):
                return Changed(self._token(text, None))
            return detection.searched(text)

        return in_words

    def _hides_anew(self, key: str) -> Callable[[str], str] | None:
        """Return what hides the value of a parameter, None if nothing needs to."""
        colour = colour_of(key)
        if colour is Colour.RED:
            return lambda _: REDACTED
        if colour not in (Colour.YELLOW, Colour.CONTACT):
            return None
        return lambda value: str(self._token(value, None))
