"""E-mail addresses in plain texts, and those written out (`maya (at) example (dot) com`).

From each @ the domain is read forwards and the local part backwards, each bounded: linear time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from router.decide.detect.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DOMAIN = re.compile(
    r"(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}|\[?(?:\d{1,3}\.){3}\d{1,3}(?![\w.])\]?"
)
"""A name, or the address of a machine."""
_LOCAL_BACKWARDS = re.compile(r"[\w.+!#$'^`{|}~*-]{1,128}+|\"[^\"@]{1,62}\"")
_LONGEST_LOCAL = 128
FILES = frozenset(
    {"png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "css", "js", "mjs", "ts", "json"}
    | {"html", "htm", "php", "map", "mp4", "woff", "woff2", "pdf"}
)
"""What ends a file's name (`img@2x.png`) and no domain's."""
ACCOUNTS = frozenset({"git", "hg", "svn"})
"""Whose addresses are repositories' (`git@github.com:acme/shop.git`)."""
_AT = r"(?: {0,2}[(\[{<] ?at ?[)\]}>] {0,2})"
_DOT = r"(?: {0,2}[(\[{<] ?dot ?[)\]}>] {0,2})"
_WRITTEN_OUT = re.compile(
    rf"(?:{_AT}[\w-]{{1,63}}(?:(?:{_DOT}|\.| dot )[\w-]{{1,63}}){{1,6}})(?!\w)"
    r"| at (?!the |a |this |our )[\w-]{1,63}(?: dot [\w-]{1,63}){1,6}(?!\w)"
    r"|(?: at | ?@ )(?P<domain>[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})(?!\w)",
    re.IGNORECASE,
)
_PROVIDER = re.compile(
    r"(?:g(?:oogle)?mail|yahoo|ymail|hotmail|outlook|icloud|aol|gmx|proton(?:mail)?|yandex|qq|naver"
    r"|wanadoo|laposte|libero|seznam|t-online|web(?=\.de)|mail(?=\.ru))\.\w",
    re.IGNORECASE,
)
"""Where people have their mailboxes, and little else is."""
_NO_NAMES = frozenset(
    {"account", "accounts", "email", "emails", "mail", "mailbox", "inbox", "address", "me", "us"}
    | {"you", "it", "them", "look", "is", "are", "was", "up", "in", "one", "not", "and", "or"}
    | {"available", "hosted", "registered", "working", "user", "users", "only", "back", "shop"}
    | {"team"}
)
"""What stands before `at gmail.com` and is no name."""
_LOGIN = re.compile(r"\w{1,64}[\d._+-].{0,64}")
"""A name that is no word of a language."""
_ANNOUNCED = re.compile(
    r"(?:e-?mail|mail|adress?e?|address|contact|reach|write|correo|courriel|unter)"
    r"(?:[ :=]{1,2}(?:is|me|us|to|at|on|via|under|address|ist|es|est|à|a)){0,3}[ :=]{1,2}$",
    re.IGNORECASE,
)
_NEAR = 40
_NAME_BACKWARDS = re.compile(r"[\w.+-]{1,64}+(?:'[\w.+-]{1,8}+)?")
_JOINTS = re.compile(r" {0,2}[(\[{<] ?(at|dot) ?[)\]}>] {0,2}| (at|dot) | ?@ ", re.IGNORECASE)
_MAY_BE_WRITTEN_OUT = re.compile(r"[ (\[{<][aA][tT][ )\]}>]|@ ")


def find_written_out(text: str) -> Sequence[Span]:
    """Return addresses whose signs are written as words, or with spaces around the @."""
    return list(_written_out(text)) if _MAY_BE_WRITTEN_OUT.search(text) else ()


def find_emails(text: str) -> Iterator[Span]:
    """Yield the e-mail addresses in a plain text."""
    end = 0
    sign = text.find("@")
    while sign >= 0:
        found = _DOMAIN.match(text, sign + 1)
        before = text[max(end, sign - _LONGEST_LOCAL) : sign] if found else ""
        local = _LOCAL_BACKWARDS.match(before[::-1])
        if found and local and _is_persons(local[0][::-1], found[0]):
            start = sign - local.end()
            end = found.end()
            while text.startswith("@", end) and (more := _DOMAIN.match(text, end + 1)):
                end = more.end()
            yield Span(start, end, "email", text[start:end])
        sign = text.find("@", max(end, sign + 1))


def _written_out(text: str) -> Iterator[Span]:
    end = 0
    for found in _WRITTEN_OUT.finditer(text):
        before = text[max(end, found.start() - 64) : found.start()]
        name = _NAME_BACKWARDS.match(before[::-1])
        start = found.start() - name.end() if name else 0
        if name and not (found["domain"] and not _is_login(text, start, found)):
            end = found.end()
            yield Span(start, end, "email", _JOINTS.sub(_sign, text[start:end]))


def _sign(joint: re.Match[str]) -> str:
    return "." if (joint[1] or joint[2] or "at").lower() == "dot" else "@"


def _is_login(text: str, start: int, joint: re.Match[str]) -> bool:
    """Tell whether what stands before `at example.com` is somebody's name there, and no word."""
    name = text[start : joint.start()]
    if name.lower() in _NO_NAMES or not _is_persons(name, joint["domain"]):
        return False
    return (
        "@" in joint[0]
        or _LOGIN.fullmatch(name) is not None
        or _PROVIDER.match(joint["domain"]) is not None
        or _ANNOUNCED.search(text[max(0, start - _NEAR) : start]) is not None
    )


def _is_persons(local: str, domain: str) -> bool:
    return domain.rpartition(".")[2].lower() not in FILES and local.lower() not in ACCOUNTS
