"""US Privacy: four characters, `1YNN`, of which the third tells an opt-out of sale."""

from __future__ import annotations

LONGEST = 8
"""Characters of what may be meant as one; longer ones are no US Privacy string."""
NOT_APPLICABLE = "1---"
"""The law does not apply."""


def opted_out_of_sale(text: str) -> bool | None:
    """Return whether the user opted out; None when the string is none.

    A `-` in the third place is legal only where the law does not apply at all (`1---`).
    """
    text = text.upper()
    if text == NOT_APPLICABLE:
        return False
    if len(text) != 4 or text[0] != "1" or text[2] not in "YN" or not set(text[1:]) <= set("YN-"):
        return None
    return text[2] == "Y"
