"""Stand-in answers: what an adapter that asks before it writes is told in place of its vendor."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import httpx
import orjson

from destinations.contract import Ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from destinations.contract import Call

_ANSWER = re.compile(r"(?:(?P<status>[1-5]\d\d)(?:\s+|$))?(?P<body>.*)", re.DOTALL)


class Answer(NamedTuple):
    """A status and the bytes of a body."""

    status: int
    body: bytes


class AnswerType(click.ParamType[Answer]):
    """An answer as an operator writes it: `404`, `{"id": 7}`, `200 {"id": 7}`, `@answer.json`."""

    name = "answer"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Answer:
        """Read an answer; raises click.BadParameter."""
        if isinstance(value, Answer):
            return value
        found = _ANSWER.fullmatch(str(value).strip())
        text = found["body"] if found else ""
        try:
            body = Path(text[1:]).read_bytes() if text.startswith("@") else text.encode()
            orjson.loads(body or b"{}")
        except OSError:
            self.fail(f"{text[1:]} cannot be read", param, ctx)
        except ValueError:
            self.fail('an answer is a status, JSON, or both: 404, {"id": 7}, @FILE', param, ctx)
        return Answer(int(found["status"] or 200) if found else 200, body or b"{}")


class StandIn:
    """Answers questions with what was given, in turn, the last for all others; and all else: 200.

    When nothing was given, what is asked for is not there: the status that the adapter takes for
    that (404), else an empty object.
    """

    def __init__(self, given: Sequence[Answer] = ()) -> None:
        self._given = list(given)

    def __call__(self, call: Call) -> httpx.Response:
        """Answer a call."""
        answer = self._answer(call) if isinstance(call, Ask) else Answer(200, b"{}")
        headers = {"content-type": "application/json"}
        return httpx.Response(answer.status, headers=headers, content=answer.body)

    def _answer(self, question: Ask) -> Answer:
        if self._given:
            return self._given.pop(0) if len(self._given) > 1 else self._given[0]
        absent = 404 if 404 in question.also else min(question.also, default=200)
        return Answer(absent, b"{}")
