"""The vendor's own memory: decide what becomes of a request and write it down."""

from __future__ import annotations

import base64
import random
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support.vendor import answers
from tests.support.vendor.behaviour import Behaviour, Behaviours
from tests.support.vendor.journal import Arrival
from tests.support.vendor.malformed import Malformed, answer
from tests.support.vendor.messages import Message, read

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT_REQUESTS = 20_000


class Request(NamedTuple):
    """A request as it came off the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Reply(NamedTuple):
    """What the connection is to do: write these bytes, or close (None), after `delay` seconds."""

    data: bytes | None
    delay: float = 0.0
    malformed: Malformed | None = None
    """How to write, if that is not all at once."""


class Ledger:
    """Arrivals in their order, whole requests where a test wants them, and the behaviours."""

    def __init__(self, seed: int = 0) -> None:
        self.behaviours = Behaviours()
        self.arrivals: list[Arrival] = []
        self.kept: list[dict[str, Any]] = []
        self.requests = 0
        self._chance = random.Random(seed)

    def forget(self) -> None:
        """Start anew, well behaved and without memory."""
        self.behaviours.clear()
        self.arrivals.clear()
        self.kept.clear()
        self.requests = 0

    def take(self, request: Request) -> Reply | None:
        """Write the request down and say how to answer it; None is never to answer."""
        behaviour = self.behaviours.of(request.path)
        self.requests += 1
        if behaviour.keep and len(self.kept) < KEPT_REQUESTS:
            self.kept.append(_whole(request))
        key = request.headers.get("webhook-id") or request.headers.get("idempotency-key", "")
        messages = read(request.body, request.headers.get("content-encoding", ""), key)
        if behaviour.hang:
            self._write(request, messages, status=0)
            return None
        if self._chance.random() < behaviour.reset:
            self._write(request, messages, status=0)
            return Reply(None, behaviour.latency)
        status = behaviour.next_status(self._chance)
        if 200 <= status < 300:
            return self._accept(request, behaviour, messages, status)
        self._write(request, messages, status=status)
        says_when = status == 429 and behaviour.retry_after
        extra = {"Retry-After": behaviour.retry_after} if says_when else {}
        body = b"x" * behaviour.padding or b"no"
        headers = {**extra, **behaviour.headers}
        return Reply(answers.raw(status, body, headers), behaviour.latency)

    def _accept(
        self, request: Request, behaviour: Behaviour, messages: Sequence[Message], status: int
    ) -> Reply:
        refused = [i for i, message in enumerate(messages) if behaviour.refuses(message.message_id)]
        if behaviour.malform and self._chance.random() < behaviour.malform:
            self._write(request, messages, status=0, taken=True)
            malformed = answer(behaviour.malformed)
            return Reply(malformed.data, behaviour.latency, malformed)
        swallow = self._chance.random() < behaviour.swallow
        if answers.is_mixpanel(request.path):
            status, body = answers.mixpanel(request.path, messages, refused)
        else:
            body = b"no" if refused else b"ok"
            if refused:
                status, refused = 422, list(range(len(messages)))
        self._write(request, messages, status=0 if swallow else status, taken=True, but=refused)
        if swallow:
            return Reply(None, behaviour.latency)
        body += b"x" * behaviour.padding
        return Reply(answers.raw(status, body, behaviour.headers), behaviour.latency)

    def _write(
        self,
        request: Request,
        messages: Sequence[Message],
        *,
        status: int,
        taken: bool = False,
        but: Sequence[int] = (),
    ) -> None:
        refused = frozenset(but)
        first = len(self.arrivals)
        sender = request.headers.get("x-sender", "")
        self.arrivals.extend(
            Arrival(first + i, request.path, message.key, message.message_id, message.user,
                    message.seq, status, taken and i not in refused, self.requests, sender)
            for i, message in enumerate(messages)
        )  # fmt: skip


def _whole(request: Request) -> dict[str, Any]:
    body = base64.b64encode(request.body).decode()
    return {"method": request.method, "path": request.path,
            "headers": request.headers, "body": body}  # fmt: skip
