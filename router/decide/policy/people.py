"""`pii.trusted`: what a destination sees that may not see personal data.

By key, red values are dropped and yellow ones become tokens; by value, e-mail addresses, phone
numbers, IBANs and IP addresses become tokens wherever they stand, cards and social security
numbers are redacted. Query strings are read as keys and values. Ids stay as they are unless they
are personal data themselves. The rules of the destination run before, and cannot open this.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from router.decide.detect.emails import plainly
from router.decide.policy.actions import REDACTED, compile_action
from router.decide.policy.detection import Detection
from router.decide.policy.keys import Colour, colour_of, is_version
from router.decide.policy.rules import ALWAYS_KEPT, PERSON_IDS, ROUTING
from router.decide.policy.walk import DROP, KEEP, Changed, Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.policy.tokens import Tokens

_PASSED = ALWAYS_KEPT | {"originalTimestamp", "receivedAt", "sentAt"}
_BY_VALUE = frozenset({"channel", "version"})
_CONTEXT_BY_VALUE = frozenset({"consent", "consentManagement", "timezone", "locale"})
"""Below these, keys such as a category's name say nothing; values do, as everywhere."""
_PARAMETER = re.compile(r"(?<=[?&;#])([^=&;#\s]{1,64})=([^&;#\s]+)")


class People:
    """The nodes of the walk that takes personal data out; `root_of` an event's type."""

    def __init__(self, tokens: Tokens) -> None:
        self._token = compile_action("token", tokens)
        redact = compile_action("redact", None)
        actions = dict.fromkeys(("email", "phone", "iban", "ip"), self._token)
        actions |= dict.fromkeys(("card", "ssn"), redact)
        self._detection = Detection(actions)
        self._without_ip = Detection({k: v for k, v in actions.items() if k != "ip"})
        for_ids = dict.fromkeys(actions, self._token)
        self._id = Node(lambda value: self._detection.in_id(value, for_ids), self._plain_child)
        search, version = self._search(self._detection), self._search(self._without_ip)
        self._version = Node(version, self._plain_child, partial=version)
        by_value = self._without_ip.in_value
        self._by_value = Node(by_value, self._by_value_child, partial=by_value)
        self._plain = Node(search, self._plain_child, partial=search)
        self._person = Node(search, self._person_child, partial=search)
        self._context = Node(search, self._context_child, partial=search)
        self._yellow = Node(self._tokenised, self._yellow_child, partial=self._tokenised)
        self._contact = Node(self._contacted, self._contact_child, partial=self._contacted)
        self.options = Node(search, lambda _: self._plain)
        self._by_colour = {Colour.RED: DROP, Colour.YELLOW: self._yellow,
                           Colour.CONTACT: self._contact, Colour.PERSON: self._person,
                           Colour.PLAIN: self._plain}  # fmt: skip
        self._root = Node(search, lambda key: self._root_child(key, self._person))
        self._group_root = Node(search, lambda key: self._root_child(key, self._plain))

    def root_of(self, kind: Any) -> Node:
        """Return where the walk begins: the traits of a group call are no person's."""
        return self._group_root if kind == "group" else self._root

    def _root_child(self, key: str, traits: Node) -> Node:
        if key in _PASSED:
            return KEEP
        if key in PERSON_IDS:
            return self._id
        if key == "traits":
            return traits
        if key == ROUTING:
            return DROP
        if key in _BY_VALUE:
            return self._by_value
        return self._context if key == "context" else self._plain_child(key)

    def _context_child(self, key: Any) -> Node:
        return self._by_value if key in _CONTEXT_BY_VALUE else self._plain_child(key)

    def _by_value_child(self, key: Any) -> Node:
        hidden = type(key) is str and self._detection.shows_in_key(key)
        return DROP if hidden else self._by_value

    def _plain_child(self, key: Any) -> Node:
        return self._plain if type(key) is int else self._child(key, name=self._plain)

    def _person_child(self, key: Any) -> Node:
        return self._person if type(key) is int else self._child(key, name=self._contact)

    def _child(self, key: str, name: Node) -> Node:
        if self._detection.shows_in_key(key):
            return DROP
        colour = colour_of(key)
        if colour is Colour.NAME:
            return name
        if colour is Colour.PLAIN and is_version(key):
            return self._version
        return self._by_colour[colour]

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
        return self._yellow if colour_of(key) is Colour.YELLOW else node

    def _tokenised(self, value: Any) -> Any:
        if value is None or value == "" or type(value) in (dict, list):
            return value
        return Changed(self._token(value, None))

    def _contacted(self, value: Any) -> Any:
        return value if type(value) is bool else self._tokenised(value)

    def _search(self, detection: Detection) -> Callable[[Any], Any]:
        clean = detection.clean

        def search(value: Any) -> Any:
            kind = type(value)
            if kind is str:
                if "=" not in value:
                    return value if value in clean else detection.in_value(value)
            elif kind is not int:
                return value
            found = detection.in_value(value)
            text = found.value if type(found) is Changed else found
            if type(text) is not str:
                return found
            hidden = _PARAMETER.sub(self._parameter, text)
            return found if hidden == text else Changed(hidden, in_part=True)

        return search

    def _parameter(self, found: re.Match[str]) -> str:
        key, value = found.groups()
        colour = colour_of(plainly(key))
        if colour is Colour.RED:
            return f"{key}={REDACTED}"
        if colour not in (Colour.YELLOW, Colour.CONTACT) or value.startswith(("tok_", REDACTED)):
            return found[0]
        return f"{key}={self._token(plainly(value), None)}"
