"""TCF strings: decoded exactly as the official library does; and no string ever raises.

`tcf_vectors` are strings that the IAB's own encoder wrote, with what they hold; `tcf_restrictions`
the same with publisher restrictions, legitimate interests, and segments in several orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.consent.gpp import decode_gpp
from router.decide.consent.tcf import (
    DISCLOSED_SINCE,
    LONGEST,
    TcString,
    Vendors,
    decode_tcf,
)
from router.decide.consent.usp import opted_out_of_sale
from tests.decide.consent.strings import in_ranges, rows, tc

if TYPE_CHECKING:
    from collections.abc import Callable


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
    assert sorted(set(row["purposes_li"]) - {1, 3, 4, 5, 6}) == sorted(said.purposes_li)
    assert row["vendors"] == listed(said.vendors)
    assert row["disclosed"] == listed(said.disclosed)
    if "vendors_li" in row:
        assert row["vendors_li"] == listed(said.vendors_li)
        assert row["updated"] == said.updated
        assert row["restrictions"] == {
            f"{each.purpose}:{each.kind}": listed(each.vendors) for each in said.restrictions
        }


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


def test_ranges_are_never_written_out() -> None:
    """A range of 65,535 vendors is kept as two numbers, however often a string repeats it."""
    said = decoded(tc([1], consented=in_ranges(*[(1, 65_535)] * 100), disclosed=[12]))

    assert ((1, 65_535),) * 100 == said.vendors.ranges
    assert 65_535 in said.vendors
    assert 0 not in said.vendors


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
    assert purposes - {1, 3, 4, 5, 6} == said.purposes_li
    assert sorted(ids) == listed(said.vendors) == listed(said.vendors_li) == listed(said.disclosed)
    assert limits == [
        (each.purpose, each.kind, each.vendors.ranges[0]) for each in said.restrictions
    ]
