"""National identity, tax and health numbers in plain texts, told by their shape and check digits.

Those whose shape many other numbers share (`weak`) count only where a word before them, or the
key, says what they are; behind the name of a country's number, or a key, none needs a known shape.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from router.decide.detect import check_digits as sums
from router.decide.detect.cards import has_check_digit
from router.decide.detect.context import said
from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from router.decide.detect.manner import Manner


def compile_national_ids(manner: Manner) -> Callable[[str], Sequence[Span]]:
    """Return what finds national ids in a plain text."""
    named = "national_id" in manner.named

    def find(text: str) -> Sequence[Span]:
        if named and is_whole_id(text):
            return (Span(0, len(text), "national_id", text),)
        if len(text) < _SHORTEST or _MAY_HOLD.search(text) is None:
            return ()
        return list(_national_ids(text, named=named))

    return find


def _national_ids(text: str, *, named: bool) -> Iterator[Span]:
    for number in _NUMBERS:
        for found in number.pattern.finditer(text):
            plain = "".join(filter(str.isalnum, found[0])).upper()
            if not number.check(plain):
                continue
            if not number.weak or named or said("national_id", text, found.start()):
                yield Span(*found.span(), "national_id", plain)
    for found in _ANY.finditer(text):
        if said("person", text, found.start()):
            yield Span(*found.span(), "national_id", found[0])


def is_whole_id(text: str) -> bool:
    """Tell whether a text may be the number that its key says it is."""
    return _WHOLE.fullmatch(text) is not None


class _Number(NamedTuple):
    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    weak: bool


_SHORTEST = 8
_WHOLE = re.compile(r"(?=(?:[^\d]{0,9}\d){5})[A-Za-z\d][A-Za-z\d ()./\-]{5,24}")
_ANY = re.compile(r"(?<![\w\-.])[A-Z]{0,4}-?\d(?:[ ./\-]?\d){6,17}(?:-?[A-Z]{1,2})?(?!\w|[\-.]\d)")
_MAY_HOLD = re.compile(r"\d(?:[ \-./:A-Za-z]{0,3}\d){3}")


def _number(
    pattern: str, check: Callable[[str], bool] = sums.yes, *, weak: bool = False
) -> _Number:
    ends = rf"(?<![\w\-.])(?:{pattern})(?!\w|[\-.]\d)"
    return _Number(re.compile(ends, re.IGNORECASE), check, weak)


_NUMBERS = (
    _number(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
            r" ?\d\d ?\d\d ?\d\d ?[A-D]"),
    _number(r"\d{7,8}-?[A-HJ-NP-TV-Z]|[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]", sums.nif),
    _number(r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", sums.fiscal_code),
    _number(r"\d{3}\.\d{3}\.\d{3}-\d\d", sums.cpf),
    _number(r"[1-9]\d{5}(?:19|20)\d{9}[\dX]", sums.cn),
    _number(r"[12] ?\d\d ?[01]\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", sums.nir),
    _number(r"(?:18|19|20)?\d{6}[-+]\d{4}|(?:18|19|20)\d{10}", sums.swedish),
    _number(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", sums.hetu),
    _number(r"\d{6}-\d{7}", sums.rrn),
    _number(r"[2-9]\d{3}([ \-:])\d{4}\1\d{4}", sums.aadhaar),
    _number(r"9\d\d([ \-])(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\1\d{4}"),
    _number(r"[1-9](?![SLOIBZ])[A-Z](?![SLOIBZ])[A-Z\d]\d-?(?![SLOIBZ])[A-Z](?![SLOIBZ])[A-Z\d]\d"
            r"-?(?![SLOIBZ])[A-Z](?![SLOIBZ])[A-Z]\d\d"),
    _number(r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]"),
    _number(r"\d\d\.\d\d\.\d\d-\d{3}[.-]\d\d", sums.belgian),
    _number(r"756([ .])\d{4}\1\d{4}\1\d\d|756\d{10}", sums.swiss),
    _number(r"\d{1,2}\.\d{3}\.\d{3}-[\dK]", sums.rut),
    _number(r"2[0347]-\d{8}-\d", sums.cuit),
    _number(r"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z\d]\d", sums.curp),
    _number(r"\d{6}/\d{4}", sums.czech),
    _number(r"\d{6}-\d\d-\d{4}", sums.malaysian),
    _number(r"\d-\d{4}-\d{5}-\d\d-\d", sums.thai),
    _number(r"[1-9]\d \d{3} \d{3} \d{3}", sums.steuer_id),
    _number(r"\d{6} \d{4} [01]8 \d", sums.za),
    _number(r"[STFGM]\d{7}[A-Z]", weak=True),
    _number(r"\d{11}", sums.pesel, weak=True),
    _number(r"[1-9]\d{10}", sums.kimlik, weak=True),
    _number(r"[1-9]\d{10}", sums.steuer_id, weak=True),
    _number(r"\d{11}", sums.cpf, weak=True),
    _number(r"[2-9]\d{11}", sums.aadhaar, weak=True),
    _number(r"\d{10}", sums.swedish, weak=True),
    _number(r"\d{13}", sums.rrn, weak=True),
    _number(r"\d{13}", sums.za, weak=True),
    _number(r"[1-9]\d{12}", sums.thai, weak=True),
    _number(r"\d{3}([ \-]?)\d{3}\1\d{4}", sums.nhs, weak=True),
    _number(r"\d{3}([ \-]?)\d{3}\1\d{3}", sums.tfn, weak=True),
    _number(r"[1-79]\d\d([ \-]?)\d{3}\1\d{3}", has_check_digit, weak=True),
    _number(r"[2-6]\d{3} ?\d{5} ?\d", sums.medicare, weak=True),
    _number(r"[A-Z]?\d{8,9}", weak=True),
)  # fmt: skip
"""United Kingdom, Spain, Italy, Brazil, China, France, Sweden, Finland, South Korea, India,
United States (taxpayer, Medicare), India (PAN), Belgium, Switzerland, Chile, Argentina, Mexico,
Czechia and Slovakia, Malaysia, Thailand, Germany, South Africa; weak: Singapore, Poland, Turkey,
Germany, Brazil, India, South Africa, Thailand, United Kingdom (NHS), Australia, Canada, Australia
(Medicare), and passports and licences of whatever country."""
