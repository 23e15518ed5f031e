"""The veil hides a secret in whatever spelling a request has it, and nothing else."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.cli.preview.veil import Veil

SECRET = 'k/3 y+"ö'
SPELLINGS = [
    SECRET, quote(SECRET), quote(SECRET, safe=""), quote_plus(SECRET).lower(),
    b64encode(f"user:{SECRET}".encode()).decode(), urlsafe_b64encode(SECRET.encode()).decode(),
    'k/3 y+\\"\\u00f6',
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_hidden(spelling: str) -> None:
    """A secret is hidden as it is, escaped for URLs and JSON, and inside base64."""
    veil = Veil([SECRET])

    assert "a=***" == veil.text(f"a={spelling}").replace("***=", "***")
    assert "https://h.test/?a=***" == veil.url(f"https://h.test/?a={spelling}").replace(
        "***=", "***"
    )


def test_a_secret_url_shows_its_host() -> None:
    """What can be secret of a URL is its path and query, below which others may lie."""
    veil = Veil(["https://hooks.test/T0/B1?key=zz"])

    assert "https://hooks.test/***?***" == veil.url("https://hooks.test/T0/B1?key=zz")
    assert "https://hooks.test/***/more" == veil.url("https://hooks.test/T0/B1/more")


@pytest.mark.parametrize("name", ["Authorization", "cookie", "X-Api-Key"])
def test_headers_of_credentials_are_hidden_whatever_they_hold(name: str) -> None:
    """Even a credential that no setting holds, such as a token that was fetched, is hidden."""
    assert "Bearer ***" == Veil([]).header(name, "Bearer abc")
    assert "***" == Veil([]).header(name, "abc")


def test_a_short_secret_is_hidden_as_a_word() -> None:
    """A short secret does not tear holes into other words."""
    assert "*** in kabc1 is ***" == Veil(["abc"]).text("abc in kabc1 is abc")


def test_values_of_all_kinds_are_searched() -> None:
    """Keys, texts and numbers at any depth are; the shape and everything else stay."""
    told = Veil(["8151623"]).value({"8151623": [8151623, "n8151623", True, None, 1.5]})

    assert {"***": ["***", "n***", True, None, 1.5]} == told


@given(st.text())
def test_nothing_to_hide_hides_nothing(text: str) -> None:
    """Without secrets a text stays as it is."""
    assert text == Veil([]).text(text) == Veil(["", " "]).text(text)
