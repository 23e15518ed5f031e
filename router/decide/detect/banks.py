"""International bank account numbers in plain texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GAP = " -+.,/\t"
_CHECK_DIGITS = re.compile(
    r"\d(?<=[A-Za-z]{2}.)(?:(?<![A-Za-z0-9][A-Za-z]{2}.)|(?<=[Ii][Bb][Aa][Nn].{3}))"
    rf"\d(?=[{re.escape(_GAP)}]{{0,2}}[A-Za-z0-9]{{3}})"
)
"""After the country's letters, which follow no others but `IBAN`."""
_SHORTEST = 15
_COUNTRIES = """
    AD 8n12c, AE 19n, AL 8n16c, AO 21n, AT 16n, AZ 4a20c, BA 16n, BE 12n, BF 2c22n, BG 4a6n8c, BH
    4a14c, BI 23n, BJ 2c22n, BR 23n1a1c, BY 4c4n16c, CF 23n, CG 23n, CH 5n12c, CI 2c22n, CM 23n, CR
    18n, CV 21n, CY 8n16c, CZ 20n, DE 18n, DJ 23n, DK 14n, DO 4c20n, DZ 22n, EE 16n, EG 25n, ES 20n,
    FI 14n, FK 2a12n, FO 14n, FR 10n11c2n, GA 23n, GB 4a14n|4a13n, GE 2a16n, GI 4a15c, GL 14n, GQ
    23n, GR 7n16c, GT 24c, GW 2c19n, HN 4a20n, HR 17n, HU 24n, IE 4a14n, IL 19n, IQ 4a15n, IR 22n,
    IS 22n, IT 1a10n12c, JO 4a4n18c, KM 23n, KW 4a22c, KZ 3n13c, LB 4n20c, LC 4a24c, LI 5n12c, LT
    16n, LU 3n13c, LV 4a13c, LY 21n, MA 24n, MC 10n11c2n, MD 20c, ME 18n, MG 23n, MK 3n10c2n, ML
    2c22n, MN 16n, MR 23n, MT 4a5n18c, MU 4a19n3a, MZ 21n, NE 2a22n, NI 4a20n, NL 4a10n, NO 11n, OM
    3n16c, PK 4a16c, PL 24n, PS 4a21c, PT 21n, QA 4a21c, RO 4a16c, RS 18n, RU 14n15c, SA 2n18c, SC
    4a20n3a, SD 14n, SE 20n, SI 15n, SK 20n, SM 1a10n12c, SN 2a22n, SO 19n, ST 21n, SV 4a20n, TD
    23n, TG 2a22n, TL 19n, TN 20n, TR 6n16c, UA 6n19c, VA 18n, VG 4a16n, XK 16n, YE 4a4n18c
"""
"""What follows the check digits, per country: n digits, a letters, c either (SWIFT's registry,
and what banks of countries outside of it write; British ones a digit short are often made up)."""
_PART = re.compile(r"(\d{1,2})([nac])")
_SIGNS = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}


def _shape(written: str) -> tuple[int, re.Pattern[str]]:
    parts = _PART.findall(written)
    signs = "".join(f"{_SIGNS[of]}{{{length}}}" for length, of in parts)
    return sum(int(length) for length, _ in parts), re.compile(signs)


_ACCOUNTS = {
    country: [_shape(written) for written in shapes.split("|")]
    for country, shapes in (row.split() for row in _COUNTRIES.split(","))
}


def find_ibans(text: str) -> Sequence[Span]:
    """Return the IBANs in a plain text: the country's length and signs, and the check digits."""
    if len(text) < _SHORTEST or _CHECK_DIGITS.search(text) is None:
        return ()
    return list(_ibans(text))


def _ibans(text: str) -> Iterator[Span]:
    end = 0
    for found in _CHECK_DIGITS.finditer(text):
        start = found.start() - 2
        country = text[start : found.start()].upper()
        for length, shape in _ACCOUNTS.get(country, ()) if start >= end else ():
            account, stop = _gather(text, found.end(), length)
            after = text[stop : stop + 1]
            if shape.fullmatch(account) is None or after.isalnum() or after == "@":
                continue
            if _remainder(account + country + found[0]) == 1:
                end = stop
                yield Span(start, stop, "iban", country + found[0] + account)
                break


def _gather(text: str, start: int, length: int) -> tuple[str, int]:
    """Return so many signs from a place on, gaps left out, and where they end."""
    signs: list[str] = []
    end = start
    for sign in text[start : start + 2 * length]:
        end += 1
        if sign not in _GAP:
            signs.append(sign)
            if len(signs) == length:
                break
    return "".join(signs).upper(), end


def _remainder(rearranged: str) -> int:
    return int("".join(str(int(sign, 36)) for sign in rearranged)) % 97
