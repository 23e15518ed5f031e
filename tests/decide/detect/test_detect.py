"""Personal data by value: found where it hides, not where it only looks so, in linear time."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.detect.finder import KINDS, compile_finder
from router.decide.detect.manner import STRICT
from router.decide.detect.numbers import kind_of_number

CASES = Path(__file__).parents[2] / "corpora" / "pii_cases.jsonl"
find = compile_finder(frozenset(KINDS)).find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "write to maya.r+x@mail.example.co.uk, please",
            [("email", "maya.r+x@mail.example.co.uk")],
        ),
        ("https://x.de/?e=maya%40example.com&a=1", [("email", "maya@example.com")]),
        (
            "https://x.de/?u=https%3A%2F%2Fy.de%3Fe%3Dmaya%2540example.com",
            [("email", "maya@example.com")],
        ),
        ("?e=maya%2Bx%40example.com", [("email", "maya+x@example.com")]),
        ("maya&#64;example.com", [("email", "maya@example.com")]),
        ('{"e":"maya@example.com"}', [("email", "maya@example.com")]),
        ("a@b.co and c@d.org", [("email", "a@b.co"), ("email", "c@d.org")]),
        ("https://cdn.example.com/img@2x.png", []),
        ("@maya wrote to user@localhost", []),
        ("maya at example dot com", [("email", "maya@example.com")]),
        ("maya AT example DOT com", [("email", "maya@example.com")]),
        ("maya [at] example [dot] co.uk", [("email", "maya@example.co.uk")]),
        ("Maya at home", []),
        ('"maya smith"@example.com', [("email", '"maya smith"@example.com')]),
        ("git@github.com:acme/shop.git lib@4.4.43/x.min.js", []),
        ("call +49 151 12345678 now", [("phone", "+49 151 12345678")]),
        ("tel:+4915112345678", [("phone", "+4915112345678")]),
        ("?tel=%2B4915112345678", [("phone", "+4915112345678")]),
        ("0049 151 12345678", [("phone", "0049 151 12345678")]),
        (
            "(650) 555-1212 or 650-555-1212",
            [("phone", "(650) 555-1212"), ("phone", "650-555-1212")],
        ),
        (
            "+15550142357 or +1 (555) 014-2357, or so",
            [("phone", "+15550142357"), ("phone", "+1 (555) 014-2357")],
        ),
        ("2026-11-22T09:12:20.000+00:00", []),
        ("507f1f77bcf86cd799439011 45790-32 1795338740589", []),
        ("8f6d2a0e-5b3c-4c1d-9b7e-2f1a6d4c0e11", []),
        ("4111 1111 1111 1111", [("card", "4111111111111111")]),
        ("4111-1111-1111-1112", []),
        ("order 4111111111111111.", [("card", "4111111111111111")]),
        ("DE89 3704 0044 0532 0130 00", [("iban", "DE89370400440532013000")]),
        ("DE88370400440532013000", []),
        ("ssn 078-05-1123 078-05-1120", [("ssn", "078051123")]),
        ("ssn 000-05-1120", []),
        ("from 203.0.113.77:8080", [("ip", "203.0.113.77")]),
        ("http://203.0.113.77/x", [("ip", "203.0.113.77")]),
        ("2001:db8::1", [("ip", "2001:db8::1")]),
        ("Chrome/156.0.0.0 rv:1.9.6.20 v1.2.3 1.2.3.4.5 300.1.1.1", []),
        ("09:12:20", []),
    ],
)
def test_places(text: str, expected: list[tuple[str, str]]) -> None:
    """Each kind is found in URLs, free text and JSON, and what only resembles it is not."""
    assert expected == [(span.kind, span.plain) for span in find(text)]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        *((f"{words} 577653366330", True) for words in ("my id is", "ID", "id:", "national id",
          "tax_id =", "voter id", "her ID no.", "passport id")),
        *((f"{words}577653366330", False) for words in ("?utm_id=", "?id=", "&user_id=",
          "order_id=", "order id ", "campaign id: ", "tracking id ", "product-id: ")),
    ],
)  # fmt: skip
def test_ids(text: str, *, is_one: bool) -> None:
    """A row of digits is a national id where an id is spoken of, but not that of a thing."""
    found = compile_finder(frozenset({"national_id"})).find(text)

    assert ["national_id"] * is_one == [span.kind for span in found]


def test_numbers() -> None:
    """A number is told as a card by its issuer and check digit; times and ids are none."""
    assert "card" == kind_of_number(4111111111111111, frozenset(KINDS), STRICT)
    assert kind_of_number(1795338740589, frozenset(KINDS), STRICT) is None
    assert kind_of_number(4111111111111111, frozenset({"email"}), STRICT) is None


def test_published_cases() -> None:
    """On cases of public test suites, kinds with a shape of their own are nearly all found."""
    found: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    cases = [json.loads(line) for line in CASES.read_text().splitlines()]
    for case in cases:
        if any(span.kind == case["kind"] for span in find(case["text"])):
            (found if case["is_pii"] else wrong)[case["kind"]] += 1

    totals = Counter(case["kind"] for case in cases if case["is_pii"])
    assert all(found[kind] >= 0.95 * totals[kind] for kind in totals if kind != "phone")
    assert found["phone"] >= 0.65 * totals["phone"], "national numbers need a rule by key"
    assert {"iban"} >= wrong.keys(), "an IBAN's length per country is not checked"


@given(st.text(st.sampled_from("a1@.%40+- :/?=5D"), max_size=60))
def test_spans_are_in_order(text: str) -> None:
    """Spans lie within the text, in order, and do not overlap."""
    ends = [0]
    for span in find(text):
        assert ends[-1] <= span.start < span.end <= len(text)
        ends.append(span.end)
