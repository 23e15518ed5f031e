"""Check digits and dates of national identity, tax and health numbers, each of plain signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.decide.detect.cards import has_check_digit

if TYPE_CHECKING:
    from collections.abc import Sequence

_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _sum(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= _DAYS[int(month)]


def yes(_: str) -> bool:
    """Take any digits for right."""
    return True


def nif(plain: str) -> bool:
    """Check a number of Spain."""
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


def fiscal_code(plain: str) -> bool:
    """Check a number of Italy."""
    values = [int(sign) if sign.isdigit() else ord(sign) - 65 for sign in plain[:15]]
    total = sum(value if at % 2 else _ODD[value] for at, value in enumerate(values))
    return chr(65 + total % 26) == plain[15]


def pesel(plain: str) -> bool:
    """Check a number of Poland."""
    day = _is_day(str(int(plain[2:4]) % 20), plain[4:6])
    return day and _sum(plain, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def cpf(plain: str) -> bool:
    """Check a number of Brazil."""
    first = _sum(plain, range(10, 1, -1)) * 10 % 11 % 10
    second = _sum(plain, range(11, 1, -1)) * 10 % 11 % 10
    return len(set(plain)) > 1 and plain[9:] == f"{first}{second}"


def cn(plain: str) -> bool:
    """Check a number of China."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return (
        _is_day(plain[10:12], plain[12:14])
        and "10X98765432"[_sum(plain[:17], weights) % 11] == plain[17]
    )


def nir(plain: str) -> bool:
    """Check a number of France."""
    number = plain[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(plain[13:])


_TIMES = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321",
          "6598710432", "7659821043", "8765932104", "9876543210"]  # fmt: skip
_TURNS = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901",
          "2793806415", "7046913258"]  # fmt: skip


def aadhaar(plain: str) -> bool:
    """Check a number of India (Aadhaar), by Verhoeff."""
    left = 0
    for at, digit in enumerate(reversed(plain)):
        left = int(_TIMES[left][int(_TURNS[at % 8][int(digit)])])
    return left == 0 and plain != plain[::-1]


def kimlik(plain: str) -> bool:
    """Check a number of Turkey."""
    digits = [int(digit) for digit in plain]
    tenth = (sum(digits[0:9:2]) * 7 - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def steuer_id(plain: str) -> bool:
    """Check a number of Germany."""
    left = 10
    for digit in plain[:10]:
        total = (int(digit) + left) % 10 or 10
        left = total * 2 % 11
    return (11 - left) % 10 == int(plain[10]) and 7 < len(set(plain[:10])) < 11


def swedish(plain: str) -> bool:
    """Check a number of Sweden."""
    ten = plain[-10:]
    return 1 <= int(ten[2:4]) <= 12 and 1 <= int(ten[4:6]) % 60 <= 31 and has_check_digit(ten)


def hetu(plain: str) -> bool:
    """Check a number of Finland."""
    number = plain[:6] + plain[-4:-1]
    return (
        _is_day(plain[2:4], plain[:2])
        and "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(number) % 31] == plain[-1]
    )


def rrn(plain: str) -> bool:
    """Check a number of South Korea."""
    return _is_day(plain[2:4], plain[4:6]) and plain[6] in "12345678"


def za(plain: str) -> bool:
    """Check a number of South Africa."""
    return _is_day(plain[2:4], plain[4:6]) and has_check_digit(plain)


def thai(plain: str) -> bool:
    """Check a number of Thailand."""
    return (11 - _sum(plain[:12], range(13, 1, -1)) % 11) % 10 == int(plain[12])


def nhs(plain: str) -> bool:
    """Check a number of the United Kingdom (NHS)."""
    return (11 - _sum(plain[:9], range(10, 1, -1)) % 11) % 11 == int(plain[9])


def tfn(plain: str) -> bool:
    """Check a number of Australia (tax file number)."""
    return _sum(plain, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def medicare(plain: str) -> bool:
    """Check a number of Australia (Medicare)."""
    return _sum(plain[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(plain[8])


def belgian(plain: str) -> bool:
    """Check a number of Belgium: since 2000 a 2 stands before the digits that are checked."""
    return any(97 - int(era + plain[:9]) % 97 == int(plain[9:]) for era in ("", "2"))


def swiss(plain: str) -> bool:
    """Check a number of Switzerland."""
    return -_sum(plain[:12], (1, 3) * 6) % 10 == int(plain[12])


def rut(plain: str) -> bool:
    """Check a number of Chile."""
    total = _sum(plain[-2::-1], (2, 3, 4, 5, 6, 7) * 2)
    return "0123456789K0"[11 - total % 11] == plain[-1]


def cuit(plain: str) -> bool:
    """Check a number of Argentina."""
    return -_sum(plain, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 == int(plain[10])


def curp(plain: str) -> bool:
    """Check a number of Mexico."""
    values = map("0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ".index, plain[:17])
    total = sum(value * weight for value, weight in zip(values, range(18, 1, -1), strict=True))
    return _is_day(plain[6:8], plain[8:10]) and str(-total % 10) == plain[17]


def czech(plain: str) -> bool:
    """Check a number of Czechia and Slovakia."""
    day = _is_day(str(int(plain[2:4]) % 50 % 20), plain[4:6])
    return day and (int(plain) % 11 == 0 or int(plain[:9]) % 11 == 10)


def malaysian(plain: str) -> bool:
    """Check a number of Malaysia."""
    return _is_day(plain[2:4], plain[4:6]) and 0 < int(plain[6:8]) < 99
