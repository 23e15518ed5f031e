"""Texts that are one address or number and nothing else: told in one look, as a search would.

Most personal data stands alone, under a key of its own: an e-mail address, an IP address or an
international phone number, each written as most are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.decide.detect.emails import ACCOUNTS, FILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from router.decide.detect.manner import Manner

_EMAIL = (
    rf"(?!(?i:{'|'.join(sorted(ACCOUNTS))})@)[\w.+-]{{1,64}}+@(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}"
    rf"(?!(?i:{'|'.join(sorted(FILES))})\Z)[A-Za-z][A-Za-z-]{{1,62}}"
)
_IP = (
    r"(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])(?:\.(?!\Z)|\Z)){4}"
    r"|(?=.{24})(?:[0-9A-Fa-f]{1,4}(?::(?!\Z)|\Z)){8}"
)
"""Of version 6 eight groups that are no MAC address."""
_PHONE = r"\+(?:[1-9]\d{7,12}|(?!.{0,9}\d{3} \d\d \d{4})[1-9](?: ?\d){7,11})"
"""Too short for a card; without the gaps of a social security number."""


def compile_whole(kinds: frozenset[str], manner: Manner) -> Callable[[str], re.Match[str] | None]:
    """Return what tells that a text is one of these kinds: the match's last group is which.

    Where a key names another kind, or national ids are looked for, numbers are left to the search.
    """
    national = "national_id" in kinds
    shapes = {
        "ip": "(?!)" if national or manner.named else _IP,
        "phone": "(?!)" if national or manner.named - {"phone"} else _PHONE,
        "email": _EMAIL,
    }
    told = [f"(?P<{kind}>{shape})" for kind, shape in shapes.items() if kind in kinds]
    return re.compile("|".join(told) or "(?!)", re.ASCII).fullmatch
