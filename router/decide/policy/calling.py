"""Telephone numbers in international form: the country's calling code first, as vendors ask.

A number counts as international when it begins with `+` or `00`. Any other is national, and is
only read when the rule names its `country`; which country somebody meant is never guessed.
Calling codes: ITU-T E.164; the digits that fall from a national number: ITU-T E.129.
"""

from __future__ import annotations

import re
from typing import Final

_KEPT_AS_IT_IS = """
    AC247 AD376 AO244 AW297 BF226 BH973 BI257 BJ229 BN673 BQ599 BT975 BW267 BZ501 CF236
    CG242 CI225 CK682 CL56 CM237 CR506 CV238 CW599 CY357 CZ420 DJ253 DK45 EE372 ES34 FJ679
    FK500 FM691 FO298 GA241 GI350 GL299 GM220 GN224 GQ240 GR30 GT502 GW245 GY592 HK852 HN504
    HT509 IO246 IS354 IT39 KM269 KW965 LS266 LU352 LV371 MH692 ML223 MO853 MR222 MT356 MU230 MV960
    MX52 MZ258 NC687 NE227 NF672 NI505 NO47 NR674 NU683 OM968 PA507 PF689 PG675 PL48 PT351
    PW680 QA974 SB677 SC248 SG65 SH290 SJ47 SM378 SN221 SR597 ST239 SV503 SZ268 TA290 TD235
    TG228 TJ992 TK690 TL670 TN216 TO676 TV688 UZ998 VA39 VU678 WF681 WS685"""
_LOSES_ZERO = """
    AE971 AF93 AL355 AM374 AR54 AT43 AU61 AX358 AZ994 BA387 BD880 BE32 BG359 BL590 BO591
    BR55 CC61 CD243 CH41 CN86 CO57 CU53 CX61 DE49 DZ213 EC593 EG20 EH212 ER291 ET251 FI358
    FR33 GB44 GE995 GF594 GG44 GH233 GP590 HR385 ID62 IE353 IL972 IM44 IN91 IQ964 IR98 JE44
    JO962 JP81 KE254 KG996 KH855 KI686 KP850 KR82 LA856 LB961 LI423 LK94 LR231 LT370 LY218
    MA212 MC377 MD373 ME382 MF590 MG261 MK389 MM95 MN976 MQ596 MW265 MY60 NA264 NG234 NL31
    NP977 NZ64 PE51 PH63 PK92 PM508 PS970 PY595 RE262 RO40 RS381 RW250 SA966 SD249 SE46
    SI386 SK421 SL232 SO252 SS211 SY963 TH66 TR90 TW886 TZ255 UA380 UG256 UY598 VE58 VN84
    XK383 YE967 YT262 ZA27 ZM260 ZW263"""
_LOSES_EIGHT = "BY375 KZ7 RU7 TM993"
_NORTH_AMERICA = """
    AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT US VC VG VI"""


def _codes(text: str, trunk: str) -> dict[str, tuple[str, str]]:
    return {each[:2]: (each[2:], trunk) for each in text.split()}


CALLING: Final = {
    **_codes(_KEPT_AS_IT_IS, ""),
    **_codes(_LOSES_ZERO, "0"),
    **_codes(_LOSES_EIGHT, "8"),
    **_codes("HU36", "06"),
    **dict.fromkeys(_NORTH_AMERICA.split(), ("1", "1")),
}
"""By country (ISO 3166): its calling code, and what stands before a national number."""

_NATIONAL_DIGITS = {
    8: "BH CR DK GT HK HN KW LV MO MT NI NO OM PA QA SG SI SV TN",
    9: "AU BE CH CL CZ ES FR KE NL PE PL PT SA SK TH UA ZA",
    10: "CO EG GB GR IN IT JP KZ MX NG PH PK RU TR VN",
    11: "BR CN",
}
_MOST_NATIONAL = {each: most for most, text in _NATIONAL_DIGITS.items() for each in text.split()}
"""By country: how long a number without its calling code can be (national numbering plans).
Countries whose numbers vary too much in length for that to tell anything are left out."""
_BEFORE_ZERO = frozenset(code for code, trunk in CALLING.values() if trunk == "0")

MOST_DIGITS = 15
FEWEST_DIGITS = 7
"""Lengths of a number with its calling code (E.164; the shortest are islands' numbers)."""

_NORTH_AMERICAN_DIGITS = 10
_MOST_CHARACTERS = 200
_RUN = re.compile(r"((?:\+\s*)?\(*)(\d(?:[\s().\-/\u2010-\u2015\u2212]*\d)*)")
_TRUNK_IN_BRACKETS = re.compile(r"\(\s*0\s*\)")
_NO_DIGIT = re.compile(r"\D")


def international(text: str, country: str | None = None, *, plain: bool = False) -> str | None:
    """Return the digits of the first number in a text, calling code first; None without one.

    What follows the number (an extension) is left out. `plain` takes a number without `+` that
    begins with no zero for an international one when no country is named.
    """
    found = _RUN.search(_ascii(text[:_MOST_CHARACTERS]))
    if found is None:
        return None
    digits = _NO_DIGIT.sub("", _TRUNK_IN_BRACKETS.sub("", found[2]))
    if "+" in found[1]:
        pass
    elif digits.startswith("00"):
        digits = digits[2:]
    elif country is not None:
        digits = _from_country(digits, country)
    elif not plain:
        return None
    digits = _without_trunk(digits)
    fits = FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
    return digits if fits and not digits.startswith("0") else None


def _from_country(digits: str, country: str) -> str:
    code, trunk = CALLING[country]
    if code == "1":
        number = digits.removeprefix("1")
        return code + number if len(number) == _NORTH_AMERICAN_DIGITS else ""
    if trunk and digits.startswith(trunk):
        return code + digits.removeprefix(trunk)
    return digits if digits.startswith(code) and _is_complete(digits, country) else code + digits


def _is_complete(digits: str, country: str) -> bool:
    """Tell whether digits that begin with the calling code are too many to be national ones.

    Indian mobile numbers begin with 91 as well as India's numbers from abroad do. Where lengths
    vary, what begins with the code counts as complete if national numbers begin with a zero.
    """
    most = _MOST_NATIONAL.get(country)
    return len(digits) > most if most else CALLING[country][1] != ""


def _without_trunk(digits: str) -> str:
    """Drop the zero that is dialled at home alone: `+44 0844 ...` is `+44 844 ...`."""
    zero = digits.find("0", 1, 4)
    if digits[:zero] in _BEFORE_ZERO:
        return digits[:zero] + digits[zero + 1 :]
    return digits


def _ascii(text: str) -> str:
    """Write full-width and other decimal digits, and the plus, as ASCII ones."""
    if text.isascii():
        return text
    text = text.replace("\uff0b", "+")
    return "".join(str(int(each)) if each.isdecimal() else each for each in text)
