"""National identity, tax and health numbers in plain texts, told by their shape and check digits.

Those whose shape many other numbers share (`weak`) count only where a word before them, or the
key, says what they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

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


class _Number(NamedTuple):
    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    weak: bool


_SHORTEST = 8
_MAY_HOLD = re.compile(r"\d(?:[ \-./:A-Za-z]{0,3}\d){3}")
_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _sum(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= _DAYS[int(month)]


def _yes(_: str) -> bool:
    return True


def _nif(plain: str) -> bool:
    digits = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == plain[-1]


_ODD = (
    1,
    0,
    5,
    7,
    9,
    13,
    15,
    17,
    19,
    21,
    2,
    4,
    18,
    20,
    11,
    3,
    6,
    8,
    12,
    14,
    16,
    10,
    22,
    25,
    24,
    23,
)
"""What a letter or digit of an Italian tax code counts at the odd places."""


def _fiscal_code(plain: str) -> bool:
    values = [int(sign) if sign.isdigit() else ord(sign) - 65 for sign in plain[:15]]
    total = sum(value if at % 2 else _ODD[value] for at, value in enumerate(values))
    return chr(65 + total % 26) == plain[15]


def _pesel(plain: str) -> bool:
    day = _is_day(str(int(plain[2:4]) % 20), plain[4:6])
    return day and _sum(plain, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def _cpf(plain: str) -> bool:
    first = _sum(plain, range(10, 1, -1)) * 10 % 11 % 10
    second = _sum(plain, range(11, 1, -1)) * 10 % 11 % 10
    return len(set(plain)) > 1 and plain[9:] == f"{first}{second}"


def _cn(plain: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return (
        _is_day(plain[10:12], plain[12:14])
        and "10X98765432"[_sum(plain[:17], weights) % 11] == plain[17]
    )


def _nir(plain: str) -> bool:
    number = plain[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(plain[13:])


_TIMES = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321",
          "6598710432", "7659821043", "8765932104", "9876543210"]  # fmt: skip
_TURNS = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901",
          "2793806415", "7046913258"]  # fmt: skip


def _aadhaar(plain: str) -> bool:
    """Verhoeff's check."""
    left = 0
    for at, digit in enumerate(reversed(plain)):
        left = int(_TIMES[left][int(_TURNS[at % 8][int(digit)])])
    return left == 0 and plain != plain[::-1]


def _kimlik(plain: str) -> bool:
    digits = [int(digit) for digit in plain]
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def _steuer_id(plain: str) -> bool:
    left = 10
    for digit in plain[:10]:
        total = (int(digit) + left) % 10 or 10
        left = total * 2 % 11
    return (11 - left) % 10 == int(plain[10]) and 7 < len(set(plain[:10])) < 11


def _swedish(plain: str) -> bool:
    ten = plain[-10:]
    return 1 <= int(ten[2:4]) <= 12 and 1 <= int(ten[4:6]) % 60 <= 31 and has_check_digit(ten)


def _hetu(plain: str) -> bool:
    number = plain[:6] + plain[-4:-1]
    return (
        _is_day(plain[2:4], plain[:2])
        and "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(number) % 31] == plain[-1]
    )


def _rrn(plain: str) -> bool:
    return _is_day(plain[2:4], plain[4:6]) and plain[6] in "12345678"


def _za(plain: str) -> bool:
    return _is_day(plain[2:4], plain[4:6]) and has_check_digit(plain)


def _thai(plain: str) -> bool:
    return (11 - _sum(plain[:12], range(13, 1, -1)) % 11) % 10 == int(plain[12])


def _nhs(plain: str) -> bool:
    return (11 - _sum(plain[:9], range(10, 1, -1)) % 11) % 11 == int(plain[9])


def _tfn(plain: str) -> bool:
    return _sum(plain, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def _medicare(plain: str) -> bool:
    return _sum(plain[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(plain[8])


def _number(pattern: str, check: Callable[[str], bool] = _yes, *, weak: bool = False) -> _Number:
    ends = rf"(?<![\w\-.])(?:{pattern})(?!\w|[\-.]\d)"
    return _Number(re.compile(ends, re.IGNORECASE), check, weak)


_NUMBERS = (
    _number(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
            r" ?\d\d ?\d\d ?\d\d ?[A-D]"),
    _number(r"\d{7,8}-?[A-HJ-NP-TV-Z]|[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]", _nif),
    _number(r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", _fiscal_code),
    _number(r"\d{3}\.\d{3}\.\d{3}-\d\d", _cpf),
    _number(r"[1-9]\d{5}(?:19|20)\d{9}[\dX]", _cn),
    _number(r"[12] ?\d\d ?[01]\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", _nir),
    _number(r"(?:18|19|20)?\d{6}[-+]\d{4}|(?:18|19|20)\d{10}", _swedish),
    _number(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", _hetu),
    _number(r"\d{6}-\d{7}", _rrn),
    _number(r"[2-9]\d{3}([ \-:])\d{4}\1\d{4}", _aadhaar),
    _number(r"9\d\d([ \-])(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\1\d{4}"),
    _number(r"[1-9](?![SLOIBZ])[A-Z](?![SLOIBZ])[A-Z\d]\d-?(?![SLOIBZ])[A-Z](?![SLOIBZ])[A-Z\d]\d"
            r"-?(?![SLOIBZ])[A-Z](?![SLOIBZ])[A-Z]\d\d"),
    _number(r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]"),
    _number(r"[STFGM]\d{7}[A-Z]", weak=True),
    _number(r"\d{11}", _pesel, weak=True),
    _number(r"[1-9]\d{10}", _kimlik, weak=True),
    _number(r"[1-9]\d{10}", _steuer_id, weak=True),
    _number(r"\d{11}", _cpf, weak=True),
    _number(r"[2-9]\d{11}", _aadhaar, weak=True),
    _number(r"\d{10}", _swedish, weak=True),
    _number(r"\d{13}", _rrn, weak=True),
    _number(r"\d{13}", _za, weak=True),
    _number(r"[1-9]\d{12}", _thai, weak=True),
    _number(r"\d{3}([ \-]?)\d{3}\1\d{4}", _nhs, weak=True),
    _number(r"\d{3}([ \-]?)\d{3}\1\d{3}", _tfn, weak=True),
    _number(r"[1-79]\d\d([ \-]?)\d{3}\1\d{3}", has_check_digit, weak=True),
    _number(r"[2-6]\d{3} ?\d{5} ?\d", _medicare, weak=True),
    _number(r"[A-Z]?\d{8,9}", weak=True),
)  # fmt: skip
"""United Kingdom, Spain, Italy, Brazil, China, France, Sweden, Finland, South Korea, India,
United States (taxpayer, Medicare), India (PAN), Singapore; weak: Poland, Turkey, Germany, Brazil,
India, South Africa, Thailand, United Kingdom (NHS), Australia, Canada, Australia (Medicare), and
passports and licences of whatever country."""
