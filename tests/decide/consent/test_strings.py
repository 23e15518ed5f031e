"""Consent strings: decoded exactly as the official libraries do, and never an exception.

`tcf_vectors` and `gpp_vectors` are strings that the IAB's own encoders wrote, with what they
hold; `tcf_restrictions` and `gpp_sections` the same for publisher restrictions, legitimate
interests, both segment orders, and every US section with all of its fields.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.consent.bits import MOST_ID
from router.decide.consent.gpp import decode_gpp
from router.decide.consent.gpp_layout import LAYOUTS
from router.decide.consent.tcf import (
    DISCLOSED_SINCE,
    LONGEST,
    NEVER_LEGITIMATE,
    TcString,
    Vendors,
    decode_tcf,
)
from router.decide.consent.usp import opted_out_of_sale
from tests.decide.consent.strings import (
    california,
    fibonacci,
    gpp,
    in_ranges,
    number,
    pack,
    tc,
    virginia,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CORPORA = Path(__file__).parents[2] / "corpora"


def rows(name: str) -> list[dict[str, Any]]:
    """Return the vectors of a file."""
    return [json.loads(line) for line in (CORPORA / f"{name}.jsonl").read_text().splitlines()]


def listed(vendors: Vendors | None) -> list[int]:
    """Return the vendors as ids."""
    return [] if vendors is None else [n for n in range(1, 1300) if n in vendors]


def decoded(text: str) -> TcString:
    """Decode a string that can be."""
    found = decode_tcf(text)
    assert found is not None
    return found


@pytest.mark.parametrize("row", [*rows("tcf_vectors"), *rows("tcf_restrictions")])
def test_tcf_vectors(row: dict[str, Any]) -> None:
    """Every string gives what the official encoder put in; interests of 3 to 6 never count."""
    said = decoded(row["tc"])

    assert row["policy_version"] == said.policy_version
    assert row["is_service_specific"] == said.service_specific
    assert row["special_features"] == sorted(said.special_features)
    assert row["purposes"] == sorted(said.purposes)
    assert sorted(set(row["purposes_li"]) - NEVER_LEGITIMATE) == sorted(said.purposes_li)
    assert row["vendors"] == listed(said.vendors)
    assert row["disclosed"] == listed(said.disclosed)
    if "vendors_li" in row:
        assert row["vendors_li"] == listed(said.vendors_li)
        assert row["updated"] == said.updated
        assert row["restrictions"] == {
            f"{each.purpose}:{each.kind}": listed(each.vendors) for each in said.restrictions
        }


@pytest.mark.parametrize("row", [*rows("gpp_vectors"), *rows("gpp_sections")])
def test_gpp_vectors(row: dict[str, Any]) -> None:
    """Every section gives what the official encoder put in, field by field."""
    said = decode_gpp(row["gpp"])
    assert said is not None
    found = {LAYOUTS[section].name: fields for section, fields in said.sections.items()}

    assert row["sections"] == list(said.ids)
    for name, fields in row["expect"].items():
        if name == "uspv1":
            assert (fields["OptOutSale"] == "Y") == ((6, "OptOutSale") in said.opt_outs)
        else:
            told = json.loads(json.dumps(found[name]))
            assert fields == {field: told[field] for field in fields}


def test_every_section_has_a_vector() -> None:
    """No US section of the platform is decoded without a vector that holds it."""
    assert {layout.name for layout in LAYOUTS.values()} == {
        name for row in rows("gpp_sections") for name in row["expect"]
    }


def test_the_first_national_section() -> None:
    """Version 1 of the national section has shorter lists; the version tells them apart."""
    said = decode_gpp("DBABLA~BAAQAAAAmSA.QA")  # written by the official library

    assert said is not None
    assert (1, 2, 2) == tuple(
        said.sections[7][field]
        for field in ("SaleOptOut", "PersonalDataConsents", "MspaServiceProviderMode")
    )
    assert (2, 1) == said.sections[7]["KnownChildSensitiveDataConsents"]


def test_a_section_with_a_header_of_its_own() -> None:
    """The specification of newer sections puts a header first; both ways are read."""
    plain = next(row for row in rows("gpp_sections") if row["sections"] == [24])["gpp"]
    header, section = plain.split("~")
    own = pack(number(24, 6) + number(1, 6) + number(1, 12) + "0" + fibonacci(1))

    assert decode_gpp(plain) is not None
    assert decode_gpp(f"{header}~{own}.{section}") == decode_gpp(plain)


@pytest.mark.parametrize(
    ("text", "opt_outs"),
    [
        (gpp({8: california()}), []),
        (gpp({8: california(sale=1)}), [(8, "SaleOptOut")]),
        (gpp({8: california(sharing=1)}), [(8, "SharingOptOut")]),
        (gpp({8: california(sale=0, sharing=0)}), []),
        (gpp({8: california(sale=3)}), [(8, "SaleOptOut")]),
        (gpp({8: california(gpc=True)}), [(8, "Gpc")]),
        (gpp({8: california(gpc=False)}), []),
        (gpp({8: california(child=1)}), [(8, "KnownChildSensitiveDataConsents")]),
        (gpp({8: california(child=2)}), []),
        (gpp({9: virginia(targeted=1)}), [(9, "TargetedAdvertisingOptOut")]),
        (gpp({6: "1YYN", 9: virginia()}), [(6, "OptOutSale")]),
        (gpp({6: "1---"}), []),
    ],
)
def test_opt_outs(text: str, opt_outs: list[Any]) -> None:
    """In an opt-out 1 is yes and 2 is no; in a consent 1 is no and 2 is yes; 0 is neither."""
    said = decode_gpp(text)

    assert said is not None
    assert opt_outs == list(said.opt_outs)


@pytest.mark.parametrize(
    ("text", "opted_out"),
    [
        ("1YNN", False), ("1YYN", True), ("1NYN", True), ("1---", False), ("1yyn", True),
        ("1-Y-", True), ("1YN-", False), ("1Y-N", None), ("1YN", None), ("1YNNN", None),
        ("2YNN", None), ("1XNN", None), ("", None), ("----", None), ("1Y\u212aN", None),
    ],
)  # fmt: skip
def test_us_privacy(text: str, *, opted_out: bool | None) -> None:
    """The third character decides; it may be `-` only where the law does not apply at all."""
    assert opted_out is opted_out_of_sale(text)


GOOD: Any = {"consented": [12], "disclosed": [12]}


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (tc([1], **GOOD), True),
        (tc([1], **GOOD, policy=4), True),
        (tc([1], **GOOD, policy=3), False),
        (tc([1], **GOOD, specific=False), False),
        (tc([1], consented=[12]), False),
        (tc([1], consented=[12], policy=4), False),
        (tc([1], consented=[12], policy=4, updated=DISCLOSED_SINCE - 1), True),
        (tc([1], consented=[12], policy=5, updated=DISCLOSED_SINCE - 1), False),
    ],
)
def test_validity(text: str, *, valid: bool) -> None:
    """A string counts if it is service specific, of policy 4 or later, and discloses vendors.

    Before 28 February 2026, policy 4 did not ask for disclosed vendors.
    """
    assert valid is decoded(text).valid


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "C", "CQ==", "C Q", "\u00e9", "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.",
        tc([1], **GOOD)[:30], tc([1], **GOOD)[:-2] + ".", tc(version=1), tc(version=3),
        tc([1], **GOOD) + "." + tc([1], **GOOD).split(".")[1], "A" * (LONGEST + 1),
        tc() + "." + "+/+/",
    ],
)  # fmt: skip
def test_undecodable_tcf(text: str) -> None:
    """What is cut, of another version, of other characters, or says a thing twice, is nothing."""
    assert decode_tcf(text) is None


HEADER = gpp({8: ""}).rstrip("~")


@pytest.mark.parametrize(
    "text",
    [
        "", "~", HEADER, gpp({8: ""}), gpp({8: california()[:3]}), gpp({8: california()}) + "~",
        gpp({8: california() + ".Y.Y"}), gpp({8: california() + ".A"}), gpp({6: "1Y-N"}),
        gpp({9: virginia() + ".Y"}), "C" + gpp({8: california()})[1:], gpp({8: "~"}), "D" * 5000,
        pack(number(3, 6) + number(2, 6) + number(0, 12)), pack("000011000001" + "1" * 12),
        pack(number(3, 6) + number(1, 6) + number(1, 12) + "1" + fibonacci(1) + fibonacci(980) * 9),
    ],
)  # fmt: skip
def test_undecodable_gpp(text: str) -> None:
    """What is cut, of another version, or has parts that its header does not name, is nothing."""
    assert decode_gpp(text) is None


def test_ranges_are_never_written_out() -> None:
    """A range of 65,535 vendors is kept as two numbers, however often a string repeats it."""
    said = decoded(tc([1], consented=in_ranges(*[(1, 65_535)] * 100), disclosed=[12]))

    assert ((1, 65_535),) * 100 == said.vendors.ranges
    assert 65_535 in said.vendors
    assert 0 not in said.vendors


def test_ids_of_sections_are_bounded() -> None:
    """A header that names more sections than there can be is not believed."""
    wide = pack(number(3, 6) + number(1, 6) + number(1, 12) + "1" + fibonacci(1) + fibonacci(980))
    assert MOST_ID > 900

    assert decode_gpp(wide) is None, "981 sections, and no text for any"


def test_an_unknown_section_is_noted() -> None:
    """A section that nobody here knows is told: it may hold an opt-out."""
    said = decode_gpp(gpp({8: california(), 40: "BAAA"}))

    assert said is not None
    assert {40} == said.unread


BASE64 = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~", max_size=80)
MUTATED = st.tuples(
    st.sampled_from([row["tc"] for row in rows("tcf_restrictions")]
                    + [row["gpp"] for row in rows("gpp_sections")]),
    st.integers(0, 400), st.integers(0, 40), st.text(max_size=4),
).map(lambda drawn: drawn[0][: drawn[1]] + drawn[3] + drawn[0][drawn[1] + drawn[2]:])  # fmt: skip


@given(st.one_of(BASE64, MUTATED, st.text(max_size=20), BASE64.map("C".__add__),
                 BASE64.map("DBAB".__add__)))  # fmt: skip
def test_no_string_raises(text: str) -> None:
    """Whatever is given: decoded, or None."""
    readers: tuple[Callable[[str], Any], ...] = (decode_tcf, decode_gpp, opted_out_of_sale)
    for read in readers:
        read(text)


@given(
    st.frozensets(st.integers(1, 24)), st.frozensets(st.integers(1, 300), max_size=20),
    st.lists(st.tuples(st.integers(1, 24), st.integers(0, 2),
                       st.tuples(st.integers(1, 99), st.integers(99, 300))), max_size=4),
)  # fmt: skip
def test_what_is_written_is_read(
    purposes: frozenset[int], ids: frozenset[int], limits: list[Any]
) -> None:
    """Every part of a string comes back as it was written."""
    said = decoded(tc(purposes, interests=purposes, consented=ids, legitimate=ids,
                      restricted=limits, disclosed=ids))  # fmt: skip

    assert purposes == said.purposes
    assert purposes - NEVER_LEGITIMATE == said.purposes_li
    assert sorted(ids) == listed(said.vendors) == listed(said.vendors_li) == listed(said.disclosed)
    assert limits == [
        (each.purpose, each.kind, each.vendors.ranges[0]) for each in said.restrictions
    ]
