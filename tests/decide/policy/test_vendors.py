"""`hash as`: what vendors publish is what they get, and what cannot be that never leaves."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.policy.calling import CALLING
from router.decide.policy.vendors import VENDORS, compile_vendor_hash, split
from router.decide.policy.walk import GONE
from tests.decide.making import Matcher, policy, strip

VECTORS = Path(__file__).parents[2] / "corpora" / "hash_vectors.jsonl"
ROWS = [json.loads(line) for line in VECTORS.read_text("utf-8").splitlines()]


def hashed(named: str, value: Any, country: str | None = None) -> Any:
    """Hash one value as its vendor wants it."""
    return compile_vendor_hash(*split(named), country)(value, None)


def sha(text: str) -> str:
    """Return the plain hash of an expected spelling."""
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['vendor']}-{n}" for n, row in enumerate(ROWS)])
def test_published_vectors(row: dict[str, Any]) -> None:
    """What Meta and UID2 publish comes out; what they refuse is GONE."""
    wanted = row.get("sha256_hex") or row.get("sha256_base64") or GONE

    assert wanted == hashed(f"{row['vendor']}.{row['field']}", row["input"], country_of(row))


def country_of(row: dict[str, Any]) -> str | None:
    """Return the country that a vector's phone number is said to be of."""
    return "US" if row["field"] == "ph" else None


@pytest.mark.parametrize("row", [row for row in ROWS if row["normalized"]])
def test_vectors_taken_apart(row: dict[str, Any]) -> None:
    """A letter and its accent apart (NFD) give the hash of both together."""
    apart = unicodedata.normalize("NFD", row["input"])
    named = f"{row['vendor']}.{row['field']}"

    assert hashed(named, row["input"], country_of(row)) == hashed(named, apart, country_of(row))


PUBLISHED = [
    # Meta, "Customer information parameters": what the shared vectors leave out.
    ("meta.db", "2/16/1997", "01acdbf6ec7b4f478a225f1a246e5d6767eeab1a7ffa17f025265b5b94f40f0c"),
    ("meta.country", "United States",
     "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"),
    # Snap, "Conversions API: parameters".
    ("snap.em", "Person@Example.com",
     "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345"),
    ("snap.ph", "+44 844 412 4653",
     "dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383"),
    ("snap.fn", "John", "96d9632f363564cc3032521409cf22a852f2032eec099ed5967c0d000cec607a"),
    ("snap.fn", "Rapha\u00ebl", "e74bb89e718fe1e19c422a48382870399f8bf7ca8dfa008739e75b0be76627b7"),
]  # fmt: skip


@pytest.mark.parametrize(("named", "value", "digest"), PUBLISHED)
def test_digests_on_vendors_own_pages(named: str, value: str, digest: str) -> None:
    """The digests that vendors print beside their rules come out."""
    assert digest == hashed(named, value)


SPELLED = [
    # The defects of shipping code, each the other way round.
    ("google.email", "Jane.A.Doe@gmail.com", "janeadoe@gmail.com"),
    ("google.email", "jane.doe@GoogleMail.com", "janedoe@googlemail.com"),
    ("google.email", "a.b@gmail.company.org", "a.b@gmail.company.org"),
    ("google.email", "jane+shop@gmail.com", "jane+shop@gmail.com"),
    ("google.first_name", "  Jane ", "jane"),
    ("google.last_name", "DOE", "doe"),
    ("linkedin.email", "  Jane@Example.COM\t", "jane@example.com"),
    ("tiktok.phone", "+123456789012345", "+123456789012345"),
    ("meta.fn", "Anne-Marie O'Neil", "annemarie oneil"),
    ("meta.fn", "Val\u00e9ry", "val\u00e9ry"),
    ("meta.ph", "+0000000000", None),
    ("meta.em", "a" * 64, None),
    # What each vendor asks for.
    ("meta.em", "John_Smith@gmail.com", "john_smith@gmail.com"),
    ("meta.ph", "+1 (650) 555-1212 ext. 12", "16505551212"),
    ("meta.ph", 4915112345678, "4915112345678"),
    ("meta.ph", 4915112345678.0, "4915112345678"),
    ("meta.ph", "0151 12345678", None),
    ("meta.db", "1990-05-12T00:00:00Z", "19900512"),
    ("meta.db", "12.5.1990", "19900512"),
    ("meta.db", "1990-02-30", None),
    ("meta.db", "05/12/1990", "19900512"),
    ("meta.db", "16/2/1997", "19970216"),
    ("meta.db", "1997/2/16", "19970216"),
    ("meta.db", "1997-2-16", "19970216"),
    ("meta.db", "16-02-1997", "19970216"),
    ("meta.db", "02-16-1997", "19970216"),
    ("meta.db", "05-12-1990", None),
    ("meta.db", "1990125", None),
    ("meta.db", "13/13/1990", None),
    ("meta.db", "16.2/1997", None),
    ("meta.db", "1899-01-01", None),
    ("meta.db", "2/16/97", None),
    ("meta.ge", "Female", "f"),
    ("meta.ge", "?", None),
    ("meta.ct", "New York", "newyork"),
    ("meta.ct", "S\u00e3o Paulo!", "s\u00e3opaulo"),
    ("meta.zp", "94035-1234", "94035"),
    ("meta.zp", "M1 1AE", "m11ae"),
    ("meta.country", "us", "us"),
    ("meta.country", "USA", "us"),
    ("meta.country", " the Netherlands", "nl"),
    ("meta.country", "C\u00f4te d\u2019Ivoire", "ci"),
    ("meta.country", "U.K.", "gb"),
    ("meta.country", "T\u00fcrkiye", "tr"),
    ("meta.country", "Antigua & Barbuda", "ag"),
    ("meta.country", "xx", None),
    ("meta.country", "Deutschland", None),
    ("meta.st", "California", "ca"),
    ("meta.st", "new york", "ny"),
    ("meta.st", "AZ", "az"),
    ("meta.st", "Baden-W\u00fcrttemberg", "badenw\u00fcrttemberg"),
    ("pinterest.st", "Texas", "tx"),
    ("pinterest.st", "ON", "on"),
    ("pinterest.st", "Bayern", None),
    ("pinterest.zp", "94035-1234", "94035"),
    ("pinterest.zp", "1012 AB", None),
    ("snap.st", "Ohio", "oh"),
    ("snap.ln", "O'Neill-Smith", "oneillsmith"),
    ("google.phone", "+44 0844 412 4653", "+448444124653"),
    ("meta.zp", "1012 AB", "1012ab"),
    ("meta.zp", "K1A 0B1", "k1a0b1"),
    ("meta.zp", 94035, "94035"),
    ("meta.external_id", " User-17 ", "User-17"),
    ("google.phone", "+49 (0)151 123-45678", "+4915112345678"),
    ("google.phone", "0049 151 12345678", "+4915112345678"),
    ("google.phone", "6505551212", None),
    ("google.street", " 1 Main St ", "1 main st"),
    ("tiktok.first_name", "Mary Jane", "maryjane"),
    ("reddit.email", "J.A.Doe+shop@Example.com", "jadoe@example.com"),
    ("reddit.phone", "+1 650 555 1212 x99", "+16505551212"),
    ("reddit.ip", " 203.0.113.7 ", "203.0.113.7"),
    ("amazon.email", "j_a\u00fc.doe+x@example.com", "ja.doe+x@example.com"),
    ("amazon.first_name", "Anne-Marie", "annemarie"),
    ("amazon.postcode", "SW1A 1AA", "sw1a1aa"),
    ("pinterest.email", " maya @ Example.com", "maya@example.com"),
    ("pinterest.gender", "non-binary", "n"),
    ("meta.em", "maya at example", None),
    ("meta.em", "maya@example.com, ada@example.com", None),
    ("meta.em", True, None),
    ("meta.hashed", "A" * 64, None),
]


@pytest.mark.parametrize(("named", "value", "spelling"), SPELLED)
def test_spellings(named: str, value: Any, spelling: str | None) -> None:
    """Each vendor's spelling is hashed; what cannot be spelled so is GONE."""
    if named.endswith(".hashed"):
        spelling_hash: Any = str(value).lower()
    else:
        spelling_hash = GONE if spelling is None else sha(spelling)

    assert spelling_hash == hashed(named, value)


def test_uid2_wants_base64_and_ten_digits() -> None:
    """UID2 takes E.164 of 10 to 15 digits, and hashes in base64."""
    wanted = base64.b64encode(hashlib.sha256(b"+16505551212").digest()).decode()

    assert wanted == hashed("uid2.phone", "+1 650 555 1212")
    assert GONE is hashed("uid2.phone", "+650555121")
    assert wanted == hashed("uid2.hashed", f" {wanted} ")
    assert GONE is hashed("uid2.hashed", "a" * 64)


@given(st.text() | st.floats() | st.integers() | st.none(), st.sampled_from([None, *CALLING]))
def test_hashing_never_raises(value: Any, country: str | None) -> None:
    """Whatever comes, each vendor's each field gives a hash or GONE; no message holds a value."""
    for name, vendor in VENDORS.items():
        for field in (*vendor.fields, "hashed"):
            if value is None:
                continue
            result = compile_vendor_hash(name, field, country)(value, None)
            assert result is GONE or len(result) in (44, 64)


def test_what_cannot_be_spelled_is_dropped() -> None:
    """A rule drops what its vendor could not match, rather than to send it raw or redacted."""
    rules = policy(("traits.phone", "hash as meta.ph in US"), ("traits.email", "hash as meta.em"))
    left = strip(rules, traits={"phone": "(650)555-1212", "email": "nonsense", "plan": "pro"})

    assert {"traits": {"phone": sha("16505551212"), "plan": "pro"}} == left


def test_an_id_that_cannot_be_spelled_is_dropped() -> None:
    """Ids that no vendor could match go; they do not become one person."""
    by_path = policy(("userId", "hash as google.email"))
    by_value = policy((("email",), "hash as meta"))

    assert {} == strip(by_path, userId="u1")
    assert {"userId": sha("a.b@x.org")} == strip(by_path, userId="A.B@x.org")
    assert {"userId": sha("a.b@x.org")} == strip(by_value, userId="A.B@x.org")


def test_vendors_by_value() -> None:
    """With `detect` a vendor alone is enough: each kind is hashed as its own field."""
    rules = policy((("email", "phone"), "hash as google"))
    note = strip(rules, properties={"note": "to Jane.Doe@gmail.com or +49 151 12345678"})

    assert {
        "properties": {"note": f"to {sha('janedoe@gmail.com')} or {sha('+4915112345678')}"}
    } == note


def test_narrowing_leaves_hashes() -> None:
    """A hash that was made is not hashed again, by the same rules or by others."""
    rules = policy((Matcher(keys=("email",)), "hash as meta.em"))
    once = rules.strip({"type": "track", "traits": {"email": "Maya@Example.com"}})
    later = policy(("**.email", "hash"))

    assert once == rules.strip(once.payload, once.transformed)
    assert once.payload == later.strip(once.payload, once.transformed).payload
