"""What texts enclose under keys of their own: JSON, and the parameters of URLs and forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson

from router.decide.detect.plain import UnreadError, may_be_encoded, read
from router.decide.policy.actions import REDACTED
from router.decide.policy.tokens import is_token
from router.decide.policy.walk import GONE, Changed, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.policy.walk import Node

    Hides: TypeAlias = Callable[[str], Callable[[str], str] | None]
    """Takes a parameter's plain key; returns what hides its value, None if nothing needs to."""

OPENINGS = frozenset("{[ \n\t")
"""What a text that is JSON begins with."""
_PARAMETER = re.compile(r"[?&;#]([^=&;#?/\s]{1,64})=([^&;#\s]++)")
"""It begins with the sign before it, so that others are passed over quickly; a text with one as
its first gets a sign."""
_CODED_SIGN = re.compile(r"%(?:25)*+3[Dd]")


def is_replaced(value: Any) -> bool:
    """Tell whether a value is what a rule put there before."""
    return type(value) is str and (value == REDACTED or is_token(value))


def searched(found: Any, node: Node, hides: Hides) -> Any:
    """Return what a leaf left of a text, without what it encloses that is to be hidden.

    A node says what becomes of JSON, `hides` of parameters; see below.
    """
    text = found.value if type(found) is Changed else found
    if not text or type(text) is not str or (text is not found and not found.in_part):
        return found
    if text[0] in OPENINGS:
        left = in_json(text, node)
        if left is not None:
            return found if left is text else left
    shown = in_parameters(text, node, hides) if "=" in text else text
    return found if shown == text else Changed(shown, in_part=True)


def in_json(text: str, node: Node) -> Any:
    """Return a text that is JSON as a node leaves what is in it: itself, GONE or Changed.

    JSON of which something went is written anew. Of a text that is none, return None.
    """
    if text[-1] not in "]} \n\t" or text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        inside = orjson.loads(text)
    except ValueError:
        return None
    left = walk(node, inside, "", None, [])
    if left is GONE or left is inside:
        return left if left is GONE else text
    return Changed(orjson.dumps(left).decode(), in_part=True)


def in_parameters(text: str, node: Node, hides: Hides) -> str:
    """Return a text whose parameters are as `hides` says, from their plain key and value.

    None leaves one as it is; a value that itself encloses what would be hidden, in parameters or
    in JSON, is redacted as a whole, and so is what cannot be read.
    """
    if "=" not in text or _all_stay(text, hides):
        return text

    def one(found: re.Match[str]) -> str:
        key, value = found.groups()
        if _stays(key, value, hides) or is_replaced(value):
            return found[0]
        try:
            plain = read(value)
            hide = hides(read(key))
            new = hide(plain) if hide else None
        except UnreadError:
            new = REDACTED
        else:
            nested = plain[:1] in OPENINGS or ("%" in value and _CODED_SIGN.search(value))
            if nested and new is None and searched(plain, node, hides) is not plain:
                new = REDACTED
        return found[0] if new is None else f"{found[0][0]}{key}={new}"

    return _PARAMETER.sub(one, f"&{text}")[1:]


def _all_stay(text: str, hides: Hides) -> bool:
    """Tell quickly whether no parameter needs to be hidden or read."""
    found = _PARAMETER.findall(f"&{text}")
    if may_be_encoded(text):
        return all(_stays(key, value, hides) for key, value in found)
    for key, value in found:  # noqa: SIM110 - a generator takes twice the time
        if hides(key) or value[0] in OPENINGS:
            return False
    return True


def _stays(key: str, value: str, hides: Hides) -> bool:
    """Tell quickly whether a parameter is written plainly and needs not be hidden."""
    plain = value[0] not in OPENINGS and not may_be_encoded(value) and not may_be_encoded(key)
    return plain and hides(key) is None
