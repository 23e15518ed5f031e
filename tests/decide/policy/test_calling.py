"""Telephone numbers: the calling code first, and never another one than was meant."""

from __future__ import annotations

import pytest

from router.decide.policy.calling import international


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("(650) 555-1212", "US", "16505551212"),
        ("1-650-555-1212", "US", "16505551212"),
        ("555-1212", "US", None),
        ("0151 12345678", "DE", "4915112345678"),
        ("4915112345678", "DE", "4915112345678"),
        ("+44 20 7946 0958", "DE", "442079460958"),
        ("020 7946 0958", "GB", "442079460958"),
        ("06 1234 5678", "IT", "390612345678"),
        ("612 345 678", "ES", "34612345678"),
        ("8 912 345-67-89", "RU", "79123456789"),
        ("06 1 234 5678", "HU", "3612345678"),
        ("\uff0b\uff14\uff19 \u0661\u0665\u0661 12345678", None, "4915112345678"),
        ("91234 56789", "IN", "919123456789"),
        ("91 91234 56789", "IN", "919123456789"),
        ("34 612 345 678", "ES", "34612345678"),
        ("47 12 34 56", "NO", "4747123456"),
        ("47 47 12 34 56", "NO", "4747123456"),
        ("55 99123 4567", "BR", "5555991234567"),
        ("7012345678", "KZ", "77012345678"),
        ("77012345678", "KZ", "77012345678"),
        ("+39 06 698 12345", None, "390669812345"),
        ("+49 0151 12345678", None, "4915112345678"),
        ("call +49 151 12345678 or mail", None, "4915112345678"),
        ("+49 151 12345678 9999999999", None, None),
        ("no number", "DE", None),
        ("1234", "DE", None),
        ("", "DE", None),
    ],
)
def test_international_numbers(text: str, country: str | None, digits: str | None) -> None:
    """National numbers need their country; it is never guessed."""
    assert digits == international(text, country)
