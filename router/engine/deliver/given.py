"""What an adapter is given of a lane's entry: by the consent and the policy of now, or nothing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from destinations import Delivery
from router.decide.consent.preference import denied
from router.engine.judge.settlement import Bury, Decision, Filter
from router.observe.reasons import DeadReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from router.decide.consent.signals import Signals
    from router.decide.reshape.transform import Reshape
    from router.decide.verdict import Skip, Stripped
    from router.store.codec import Entry

_log = logging.getLogger("router.engine")


class Rules(Protocol):
    """What a destination may have by the configuration of now (a `decide.routes.Route`)."""

    @property
    def name(self) -> str:
        """The destination's name."""

    @property
    def policy_digest(self) -> str:
        """Changes with everything that shapes a payload."""

    @property
    def heeds_consent(self) -> bool:
        """Whether consent can change the verdict."""

    def recheck(self, said: Signals, known: Signals = None) -> Skip | None:
        """Judge consent again: what the event said, and the latest known of its user."""

    @property
    def reshape(self) -> Reshape | None:
        """What is done last with the payload; None for nothing."""

    def narrow(
        self,
        payload: dict[str, Any],
        transformed: tuple[str, ...],
        options: dict[str, Any] | None,
    ) -> Stripped:
        """Apply the policy of now to what an earlier one left; raises PolicyError."""


def given(
    rules: Rules, entry: Entry, attempt: int, now_ms: int, known: Sequence[Signals] = ()
) -> Delivery | Decision:
    """Return the delivery of an entry, or what becomes of one that may not leave.

    The engine makes every delivery here, and so does `router requests`: what that shows is what
    is sent. `attempt` counts from 1; `known` are the latest known preferences of its user's ids.
    """
    try:
        skip = denied(rules.recheck, entry.signals, known)
        if skip is not None:
            return Filter(skip.reason)
        stale = not entry.left_by(rules.policy_digest)
        body, options = _narrowed(rules, entry) if stale else (entry.body, entry.options)
        if rules.reshape is not None:
            body = _reshaped(rules.reshape, body)
    except Exception as error:  # noqa: BLE001 - whatever fails here, nothing may leave
        _log.error("the policy of %s failed: %s", rules.name, type(error).__name__)
        return Bury(DeadReason.POLICY_ERROR, None, 0, None)
    return Delivery(
        body=body,
        destination=rules.name,
        message_id=entry.message_id,
        type=entry.type,
        source=entry.source,
        received_at=entry.received_at,
        options=options,
        attempt=attempt,
        attempted_at=now_ms,
    )


def _narrowed(rules: Rules, entry: Entry) -> tuple[bytes, dict[str, Any] | None]:
    stripped = rules.narrow(orjson.loads(entry.body), entry.transformed, entry.options)
    return orjson.dumps(stripped.payload), stripped.options


def _reshaped(reshape: Reshape, body: bytes) -> bytes:
    payload = orjson.loads(body)
    new = reshape(payload)
    return body if new is payload else orjson.dumps(new)
