"""Hashing in a transformation: digests in their digits, keys that count, nothing in clear."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from router.decide.reshape.hashing import compile_hash


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("hex", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("base64", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        ("base64url", "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"),
    ],
)
def test_encodings(encoding: str, expected: str) -> None:
    """A digest is written in the digits of its encoding."""
    assert expected == compile_hash(b"", encoding)("abc")


def test_a_key_makes_it_an_hmac() -> None:
    """With a key nobody without it can try values out."""
    expected = hmac.digest(b"secret", "\u30a2".encode(), "sha256").hex()

    assert expected == compile_hash(b"secret", "hex")("\u30a2")


def test_half_a_character_is_hashed() -> None:
    """SDKs send lone surrogates, which UTF-8 has no bytes for."""
    assert hashlib.sha256(b"\xed\xa0\x80").hexdigest() == compile_hash(b"", "hex")("\ud800")


def test_what_is_no_text_is_hashed_as_json() -> None:
    """Whatever stands at a place that is to be hashed, nothing of it shows."""
    hashed = compile_hash(b"", "hex")

    assert hashlib.sha256(b'{"a":[1,true]}').hexdigest() == hashed({"a": [1, True]})
    assert hashlib.sha256(b"true").hexdigest() == hashed(True)  # noqa: FBT003 - a JSON value
    assert [None, [hashed(1.5)]] == hashed([None, [1.5]])
