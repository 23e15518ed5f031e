"""What the untrusted do not see by what it is, whatever its key says."""

from __future__ import annotations

import pytest

from tests.decide.making import policy, strip


@pytest.mark.parametrize(
    "value",
    ["maya@example.com", "+49 151 12345678", "DE89 3704 0044 0532 0130 00", "81.2.69.142",
     "00:1B:44:11:3A:B7", "0x52908400098527886E0F7030069857D2E4169EE7", "4111 1111 1111 1111",
     "536-22-1234", f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{'x' * 43}"],
)  # fmt: skip
def test_by_value(value: str) -> None:
    """Personal data is hidden wherever it stands, whatever its key says."""
    assert value not in str(
        strip(policy(trusted=False), properties={"plan": value, "list": [f"is {value}"]})
    )
