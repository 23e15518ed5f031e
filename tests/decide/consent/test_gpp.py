"""GPP and US Privacy strings: decoded exactly as the official library does.

`gpp_vectors` are strings that the IAB's own encoder wrote, with what they hold; `gpp_sections` the
same for every US section with all of its fields.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from router.decide.consent.bits import MOST_ID
from router.decide.consent.gpp import decode_gpp
from router.decide.consent.gpp_layout import LAYOUTS
from router.decide.consent.usp import opted_out_of_sale
from tests.decide.consent.strings import california, fibonacci, gpp, number, pack, rows, virginia


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
    own, newer = (
        pack(number(24, 6) + number(version, 6) + number(1, 12) + "0" + fibonacci(1))
        for version in (1, 2)
    )

    assert decode_gpp(plain) is not None
    assert decode_gpp(f"{header}~{own}.{section}") == decode_gpp(plain)
    assert decode_gpp(f"{header}~{own}") is None
    assert decode_gpp(f"{header}~{newer}.{section}") is None


@pytest.mark.parametrize("section", sorted(LAYOUTS))
def test_a_version_that_is_not_known(section: int) -> None:
    """A section of another version may be laid out otherwise, so it is not read as this one."""
    layout = LAYOUTS[section]
    bits = sum(field.width * field.times for field in layout.core)
    known = {
        version
        for version in range(64)
        if version != section
        and decode_gpp(gpp({section: pack(number(version, 6) + "0" * (bits - 6))}))
    }

    told = layout.core[0].name == "Version"
    assert (({1, 2} if section == 7 else {1}) if told else {*range(64)} - {section}) == known


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


def test_every_id_is_read() -> None:
    """Fibonacci coding holds any id, up to the largest that is believed."""
    assert {n: (n,) for n in range(30, 1024)} == {
        n: said.ids for n in range(30, 1025) if (said := decode_gpp(gpp({n: ""})))
    }


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
