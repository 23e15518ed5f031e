"""What a destination's own rules leave is what `pii.trusted` goes on with."""

from __future__ import annotations

import pytest

from tests.decide.making import policy, strip


@pytest.mark.parametrize("do", ["mask", "hash", "hash as meta", "redact"])
@pytest.mark.parametrize("value", ["jane@example.com", "joe@example.com"])
def test_a_value_found_whole_stays_as_its_rule_left_it(do: str, value: str) -> None:
    """What a rule by value made of a whole text is no personal data left to be made a token of.

    A token of a mask would be the same for all who share the mask, as if they were one person.
    """
    named = f"{do}.em" if do.endswith("meta") else do
    by_path = strip(policy(("traits.email", named), trusted=False), traits={"email": value})
    by_value = policy((("email",), do), trusted=False)

    assert by_path == strip(by_value, traits={"email": value})
    (left,) = strip(by_value, traits={"email": f"{value}, Jane"})["traits"].values()
    assert left.startswith("tok_")
