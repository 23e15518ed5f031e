"""What the vendor writes back: plain answers, and those of Mixpanel's three doors."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.vendor.messages import Message

MIXPANEL_DOORS = ("/import", "/engage", "/groups")


def is_mixpanel(path: str) -> bool:
    """Tell whether a path is one that answers as Mixpanel does."""
    return path.endswith(MIXPANEL_DOORS)


def raw(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    """Return the bytes of one HTTP answer that keeps its connection open."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Other"
    lines = [f"HTTP/1.1 {status} {phrase}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def mixpanel(path: str, messages: Sequence[Message], refused: Sequence[int]) -> tuple[int, bytes]:
    """Return Mixpanel's verdict: `refused` are the indices of what it did not take."""
    good = len(messages) - len(refused)
    if path.endswith("/import"):
        failed = [{"index": i, "insert_id": messages[i].key, "field": "properties.time",
                   "message": "refused by the test"} for i in refused]  # fmt: skip
        answer: dict[str, Any] = {"code": 200, "status": "OK", "num_records_imported": good}
        if failed:
            answer |= {"code": 400, "status": "Bad Request", "failed_records": failed,
                       "error": "some data points in the request failed validation"}  # fmt: skip
        return int(answer["code"]), orjson.dumps(answer)
    error = "refused by the test" if refused else None
    verdict = {"error": error, "status": 0 if refused else 1, "num_good_events": good}
    return 200, orjson.dumps(verdict)
