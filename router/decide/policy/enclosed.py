"""What texts enclose under keys of their own: JSON, and the parameters of URLs and forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from router.decide.detect.plain import UnreadError, read
from router.decide.policy.actions import REDACTED
from router.decide.policy.tokens import is_token
from router.decide.policy.walk import GONE, Changed, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.policy.walk import Node

_PARAMETER = re.compile(r"(?:^|(?<=[?&;#]))([^=&;#?/\s]{1,64})=([^&;#\s]++)")
_CODED_SIGN = re.compile(r"%(?:25)*+3[Dd]")


def is_replaced(value: Any) -> bool:
    """Tell whether a value is what a rule put there before."""
    return type(value) is str and (value == REDACTED or is_token(value))


def in_json(text: str, node: Node) -> Any:
    """Return a text that is JSON as a node leaves what is in it: itself, GONE or Changed.

    JSON of which something went is written anew.
    """
    if text[-1] not in "]} \n\t" or text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        inside = orjson.loads(text)
    except ValueError:
        return text
    left = walk(node, inside, "", None, [])
    if left is GONE or left is inside:
        return left if left is GONE else text
    return Changed(orjson.dumps(left).decode(), in_part=True)


def in_parameters(text: str, hidden: Callable[[str, str], str | None]) -> str:
    """Return a text whose parameters are as `hidden` says, from their plain key and value.

    None leaves one as it is; a value that is itself full of parameters of which one would be
    hidden is redacted as a whole, and so is what cannot be read.
    """

    def one(found: re.Match[str]) -> str:
        key, value = found.groups()
        if is_replaced(value):
            return found[0]
        try:
            plain = read(value)
            new = hidden(read(key), plain)
        except UnreadError:
            new = REDACTED
        else:
            nested = new is None and "%" in value and _CODED_SIGN.search(value)
            if nested and in_parameters(plain, hidden) != plain:
                new = REDACTED
        return found[0] if new is None else f"{key}={new}"

    return _PARAMETER.sub(one, text) if "=" in text else text
