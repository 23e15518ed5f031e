"""What the linter finds about limits that cannot be met, and about giving up early."""

from __future__ import annotations

from router.config.lint.delivery import worst_case
from tests.config.lint.findings import FINE, found, told
from tests.config.pretend import one, parsed


def test_batches_beyond_the_adapter() -> None:
    """Asking for more than the vendor takes is told with the vendor's limit."""
    text = one(FINE + "\ndelivery: {batch: {events: 101}}")

    finding = found(text)[0]

    assert ("warning", "batch_over_adapter", 7) == (finding.level, finding.code, finding.line)
    assert '"hook" carries at most 100 events in a request, not 101' == finding.message


def test_a_queue_that_refuses_events() -> None:
    """Losing events on purpose is told, and a refusal that can never happen as well."""
    refusing = "\ndelivery: {queue: {full: refuse, events: 5000}}"
    assert [("warning", "queue_refuses", 7)] == told(one(FINE + refusing))
    never = "\ndelivery: {queue: {full: refuse}}"
    assert [("warning", "queue_unbounded", 7)] == told(one(FINE + never))
    assert [] == told(one(FINE + "\ndelivery: {queue: {events: 5000}}"))


def test_a_queue_that_soon_stops_all() -> None:
    """A short queue for which the intake waits is told: a few failing events fill it."""
    short = "\ndelivery: {queue: {events: 5}}"
    assert [("warning", "queue_short", 7)] == told(one(FINE + short))


def test_giving_up_early() -> None:
    """A retry time that an ordinary outage exceeds is told."""
    assert [("warning", "retry_short", 7)] == told(one(FINE + "\ndelivery: {retry: {for: 30m}}"))


def test_the_worst_case_of_retrying_is_computed() -> None:
    """Both limits are told, and which of them decides when every attempt hangs."""
    delivery = "delivery: {{timeout: 10s, retry: {{for: {}, attempts: {}}}}}"
    usual = parsed(one(delivery.format("24h", 12))).destinations["hook"].delivery
    many = parsed(one(delivery.format("1h", 1000))).destinations["hook"].delivery

    assert worst_case(usual.retry, usual.timeout) == (
        "an event that keeps failing is dead once 12 attempts were made and 24h have passed since "
        "the first failed"
    )
    assert worst_case(many.retry, many.timeout).endswith(
        "attempts that all time out take 2h46m40s or more, so their number decides"
    )
