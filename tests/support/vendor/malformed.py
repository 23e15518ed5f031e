"""Answers that are no proper answers: what a vendor that is broken, or means harm, writes back."""

from __future__ import annotations

import gzip
from functools import cache
from typing import NamedTuple

import zstandard

BOMB = 64_000_000
"""Bytes that a bomb is when somebody unpacks it."""


class Malformed(NamedTuple):
    """The bytes to write, and how."""

    data: bytes
    closes: bool = False
    """Whether the connection is closed after them."""
    endless: bytes = b""
    """What is written after them again and again, until the other side closes."""
    drip: float = 0.0
    """Seconds between two bytes; 0 writes all at once."""


def _ok(headers: str, body: bytes = b"") -> bytes:
    return f"HTTP/1.1 200 OK\r\n{headers}\r\n\r\n".encode() + body


def _packed(encoding: str, body: bytes) -> bytes:
    return _ok(f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}", body)


@cache
def _gzip_bomb() -> bytes:
    return gzip.compress(bytes(BOMB), 1)


@cache
def _zstd_bomb() -> bytes:
    return zstandard.ZstdCompressor().compress(bytes(BOMB))


_FORMS = {
    "no_status": lambda: Malformed(b"HTTP/1.1 fine thanks\r\n\r\n", closes=True),
    "other_protocol": lambda: Malformed(b"SSH-2.0-OpenSSH_9.6\r\n", closes=True),
    "bad_chunk": lambda: Malformed(_ok("Transfer-Encoding: chunked", b"zz\r\nok\r\n0\r\n\r\n")),
    "cut_chunk": lambda: Malformed(_ok("Transfer-Encoding: chunked", b"9\r\nok"), closes=True),
    "short_body": lambda: Malformed(_ok("Content-Length: 100", b"ok"), closes=True),
    "long_body": lambda: Malformed(_ok("Content-Length: 2", b"okHTTP/1.1 500 No\r\n\r\n")),
    "two_lengths": lambda: Malformed(_ok("Content-Length: 2\r\nContent-Length: 3", b"ok")),
    "no_gzip": lambda: Malformed(_packed("gzip", b"this was never packed")),
    "gzip_bomb": lambda: Malformed(_packed("gzip", _gzip_bomb())),
    "zstd_bomb": lambda: Malformed(_packed("zstd", _zstd_bomb())),
    "endless_body": lambda: Malformed(_ok("X: y"), endless=b"x" * 65_536),
    "endless_head": lambda: Malformed(b"HTTP/1.1 200 OK\r\n", endless=b"X: y\r\n", drip=0.01),
    "drip": lambda: Malformed(_ok("Content-Length: 1000", b"x" * 1000), drip=0.05),
    "half_json": lambda: Malformed(_ok("Content-Length: 21", b'{"code": 200, "num_re')),
    "wrong_items": lambda: Malformed(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 67\r\n\r\n"
                                     b'{"code": 400, "failed_records": [{"index": 7777}, null, '
                                     b'{"no": 1}]}'),
}  # fmt: skip
KINDS = tuple(_FORMS)


def answer(kind: str) -> Malformed:
    """Return a kind of answer; KeyError when there is none such."""
    return _FORMS[kind]()
