"""The judge of fault tests finds what it should find."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from router.store.codec import Entry
from router.store.ledger import LaneLedger, Ledger
from router.store.letters import Letter
from tests.chaos.five import Landed
from tests.chaos.oracle import Judgement, judge
from tests.chaos.plan import Plan

PLAN = Plan({"hook": {"m1", "m2"}}, {"hook": Counter({"filter.events": 1})})
COUNTED = LaneLedger(configured=3, delivered=2, filtered={"filter.events": 1})
BOTH = [Landed("m1", "k1"), Landed("m2", "k2")]


def judged(
    landed: list[Landed],
    letters: tuple[Letter, ...] = (),
    counted: LaneLedger = COUNTED,
    withdrawable: frozenset[str] = frozenset(),
) -> Judgement:
    """Judge what one destination has."""
    ledger = Ledger({"read": 3, "accepted": 3}, {"hook:webhook": counted})
    plan = replace(PLAN, withdrawable={"hook": set(withdrawable)})
    return judge(plan, {"hook": landed}, letters, ledger)


def dead(message_id: str, reason: str = "http_422") -> Letter:
    """Make a dead letter of the destination."""
    entry = Entry(message_id, "track", "default", 0, (), b"{}")
    return Letter("hook/0/1-1", "hook:webhook", 0, "1-1", reason, 422, 1, 0, 0, 0, b"", entry)


def test_what_went_as_planned_is_faultless() -> None:
    """Every planned message once, and a ledger that agrees, is nothing to complain of."""
    assert judged(BOTH).faultless


def test_a_lost_message_is_found() -> None:
    """A planned message that neither arrived nor is dead is lost."""
    assert {"hook": {"m2"}} == judged(BOTH[:1]).lost


def test_a_dead_message_is_not_lost() -> None:
    """A planned message that is dead with a reason is accounted for."""
    counted = LaneLedger(configured=3, delivered=1, dead=1, letters=1,
                         filtered={"filter.events": 1})  # fmt: skip

    assert judged(BOTH[:1], (dead("m2"),), counted).faultless


def test_a_dead_message_without_a_reason_is_lost() -> None:
    """A dead letter that does not say why accounts for nothing."""
    assert {"hook": {"m2"}} == judged(BOTH[:1], (dead("m2", ""),)).lost


def test_an_unplanned_message_is_found() -> None:
    """A message that should not have arrived, or died there, is found."""
    assert {"hook": {"m9"}} == judged([*BOTH, Landed("m9", "k9")]).unplanned
    assert {"hook": {"m8"}} == judged(BOTH, (dead("m8"),)).unplanned


def test_a_repetition_is_counted_and_not_blamed() -> None:
    """What comes again under the same key is a duplicate, and no fault."""
    found = judged([*BOTH, BOTH[0]])

    assert found.faultless
    assert 50.0 == found.duplicates


def test_a_repetition_under_another_key_is_found() -> None:
    """What comes again under another key could not be told apart by the vendor."""
    assert {"hook": {"m1"}} == judged([*BOTH, Landed("m1", "other")]).renamed


def test_a_ledger_that_disagrees_is_found() -> None:
    """Fewer filtered than planned, and a sum that does not hold, are both found."""
    found = judged(BOTH, counted=LaneLedger(configured=3, delivered=2))

    assert ["conservation does not hold", "hook: {} filtered"] == found.miscounted


WITHDRAWN = LaneLedger(configured=3, delivered=1,
                       filtered={"filter.events": 1, "consent.withdrawn": 1})  # fmt: skip


def test_what_a_user_denied_meanwhile_is_not_lost() -> None:
    """A planned message may stay away whose user denied it in another, if that was counted."""
    found = judged(BOTH[:1], counted=WITHDRAWN, withdrawable=frozenset({"m2"}))

    assert found.faultless
    assert 1 == found.withdrawn["hook"]


def test_what_nobody_denied_is_not_withdrawn() -> None:
    """A message that was counted as withdrawn, though its user denied nothing, is lost."""
    found = judged(BOTH[:1], counted=WITHDRAWN)

    assert {"hook": {"m2"}} == found.lost
    assert ["hook: 1 withdrawn, 1 missing"] == found.miscounted


def test_what_was_denied_and_not_counted_is_found() -> None:
    """A message that stays away must be counted as withdrawn."""
    found = judged(BOTH[:1], withdrawable=frozenset({"m2"}))

    assert "hook: 0 withdrawn, 1 missing" in found.miscounted
