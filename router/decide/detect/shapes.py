"""Texts that hold nothing whatever is looked for, told by their shape in one look.

Most texts are words, ids, moments, paths, query strings and the names of browsers. A text that is
made of harmless pieces alone needs no search: no sign of an address or an encoding, no six digits
near each other but where a path or an id has them, no word that may be written in base64.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.decide.detect.clean import LONGEST
from router.decide.detect.context import CUES_OF_THREE
from router.decide.detect.hidden import NO_BEGINNING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from router.decide.detect.manner import Manner

_WORD = "[A-Za-z_'-]"
_NO_MAC = r"(?![0-9A-Fa-f]{2}[:\- ][0-9A-Fa-f]{2}[:\- ])"
_NO_AT = r"(?![Aa][Tt][ )\]}>])"
_WHOLE = (
    rf"{_WORD}{_WORD}{{0,10}}+(?: {_NO_AT}{_NO_MAC}{_WORD}{{1,11}}+){{0,5}}+ ?+",
    r"[\d.][\d.]{0,4}",
    r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3,6})?Z",
    r"[0-9A-Fa-f][0-9A-Fa-f]{7}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    r"GA1\.[12]\.\d{1,10}\.\d{10}",
    r"fb\.1\.\d{13}\.\d{1,19}",
    r"[A-Za-z][A-Za-z]{0,10}+_\d{1,19}",
)
"""Short words and numbers, moments, UUIDs, the cookies of Google and Meta.

Each shape begins with its first sign alone: by that the others are passed over at once."""
_NUMBERS = (
    r"[1-9](?!(?<=1)[89]\d{10}$|(?<=2)0\d{10}$)\d{5,12}",
    r"0[1-9](?!\d{9}$)\d{4,11}",
    r"[1-9]\d{3,4}-\d{1,3}(?:-\d{1,4})?",
    rf"[A-Z](?<!(?={'|'.join(CUES_OF_THREE)}|....00).)[A-Z]{{2}}-\d{{6,11}}",
)
"""Too short for a card and of no number's form (days, `ORD-`); nothing says what they are.

Twelve digits may be a Swede's."""

_SIGN = "[A-Za-z0-9+/_-]"
"""What base64 is made of."""
_PART = "[A-Za-z0-9+_-]"
_SEGMENT = rf"(?:(?=(?!/){NO_BEGINNING}){_PART}++|{_PART}{{0,11}}+(?!{_PART}))"
_NEVER_HIDDEN = rf"""(?=
    [a-z0-9+/_-]++(?![A-Z]) | {_SIGN}{{1,11}}+(?!{_SIGN}) | [A-Z0-9+/_-]++(?![a-z])
  | (?={NO_BEGINNING}){_SEGMENT}(?:/{_SEGMENT})*+(?!{_SIGN})
)"""
"""Such signs in a row hide no text: of one case, too short, or begun as no text begins,
as a whole and in each long segment."""
_ALONE = r"(?![A-Za-z0-9]|[ +().\-/:]{0,3}\d)"
"""Neither letters nor other digits are near."""
_PARTED = r"\d{3}[ ]?[,;|_][ ]?\d{4}[ ]?[,;|_]"
"""Where the fours of a card begin that are parted by commas and the like."""
_GAP = rf"[ (\[{{<]{_NO_AT}{_NO_MAC}"
_END = rf"(?!{_SIGN})(?:[=,;?)]|{_GAP}|\.(?![0-9A-Fa-f]{{4}}\.))?+"
_PIECES = rf"""(?x:(?:
    [a-z_/][a-z_/]{{0,24}}+{_END}
  | [A-Za-z][A-Za-z]{{0,10}}+{_END}
  | [A-Z](?<![^ ].)[a-z]{{1,6}}+/\d{{1,3}}+(?:\.\d{{1,4}}+){{1,3}}{_ALONE}(?!{_SIGN})
  | [0-9][0-9]?+(?:[._][0-9]{{1,2}}+){{1,2}}+{_ALONE}(?!{_SIGN})
  | \ AppleWebKit/\d{{3}}(?:\.\d\d?){{1,2}}\ \(KHTML,\ like\ Gecko\)
  | {_GAP}
  | [,;?=!'"*|~\#)\]}}>$^]
  | \.(?![0-9A-Fa-f]{{4}}\.)
  | :(?!:|[0-9A-Fa-f]{{1,4}}:){_NO_MAC}
  | &(?=[A-Za-z_]{{1,40}}+=)
  | {_NEVER_HIDDEN}(?:
        [0-9](?:(?![\d.]{{6}}|{_PARTED})\d{{0,4}}+(?:(?:\.\d{{1,4}}+){{1,2}}(?!{_SIGN}))?+
        | (?:(?<=/.)(?<!a\.me/.)ORID)(?!(?<=0)0)\d{{5,MOST}}+(?!-[A-Za-z]|_)){_ALONE}
      | [A-Z](?<![^ ].)(?:obile/\d\d?[A-Z]\d{{1,4}}
        | [A-Za-z]{{1,10}}+/(?!00|\d{{3}}\.\d\d\.\d{{4}}|[\d.]{{15}})
          \d{{1,4}}+(?:\.\d{{1,4}}+){{0,3}}(?:[a-z]\d{{1,4}}+(?:\.\d)?)?){_ALONE}(?!{_SIGN})
      | [A-Za-z][A-Za-z]{{0,24}}+(?![A-Za-z0-9])
      | [_+/] | -{_NO_MAC}
      | (?![A-Za-z]{{2}}\d\d)[A-Za-z]{{1,9}}+\d{{1,3}}+{_ALONE}
    )++
)*+)"""
"""Words in one case; short words; spaces and signs that begin no address; and, between other signs,
what base64 is made of: a product's name and version, words, short numbers and those of paths and
ids, words with a short number. Each begins with a sign of its own, so that few are tried."""
_URL = r"""(?x:
    (?:https?://[a-z]{1,24}(?:(?:-|\.(?![0-9a-f]{4}\.))[a-z]{1,24}+){1,4}|(?=[/?]))
    (?:/(?!\d)[a-z]{0,24}+(?:[-_][a-z]{1,24}+){0,4})*+
    (?:(?<!a\.me)/(?!0)\d{4,MOST}\d/?+)?+
    (?:[?&][a-z_]{1,24}+=(?:[a-z_]{1,24}+|(?<=utm_id=)[1-9]\d{5,MOST}+|\d{1,2}(?:\.\d){0,2}+))*+
)"""
"""A URL, or its path and query, of short words and few numbers: as the pieces, in fewer steps."""
_MAY_BE_NUMBER = (
    r"(?:\d{1,3}(?:\.\d{1,3}){3}"
    r"|(?:\(|0\d{0,5}[ ()/\-]|1[3-9]\d[ \-]|[679]\d\d |8 ?\()[\d ()/\-]{8,20})$"
)
"""Nothing but digits in groups: an IP address, or begun as a national phone number may be."""


def _compiled(*, prose: bool, national: bool) -> re.Pattern[str]:
    pieces = _PIECES.replace("MOST", "10" if national else "12")
    pieces = pieces.replace("ORID", "|(?<=utm_id=.)" if national else "|(?<=_id=.)")
    numbers = () if prose else _NUMBERS
    url = _URL.replace("MOST", "10" if national else "12")
    return _any([*_WHOLE, *numbers, url, rf"(?!{_MAY_BE_NUMBER}){pieces}"])


def _any(shapes: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of these shapes, in a text that is not too long."""
    return re.compile(rf"(?:{'|'.join(shapes)})(?<!(?s:.{{{LONGEST + 1}}}))", re.ASCII)


_NAMED = _any(_WHOLE)
_BY_PROSE_AND_NATIONAL = {
    (prose, national): _compiled(prose=prose, national=national)
    for prose in (False, True)
    for national in (False, True)
}


def compile_harmless(kinds: frozenset[str], manner: Manner) -> Callable[[str], object]:
    """Return what tells, by something true, that a text holds none of these kinds."""
    pattern = _BY_PROSE_AND_NATIONAL[manner.prose, "national_id" in kinds]
    return (_NAMED if manner.named else pattern).fullmatch
