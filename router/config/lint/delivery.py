"""Findings about delivery: limits that cannot be met, and how long a failing event lives."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from router.config.lint.finding import Finding, Notes
from router.config.problem import quoted
from router.config.values.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from router.config.document import Where
    from router.config.sections.delivery import Retrying
    from router.config.sections.destination import Destination
    from router.config.sections.whole import Config

SHORT = timedelta(hours=1)
"""A shorter outage than this should kill no event."""
FEW = 1_000
"""A queue that may not get longer is full within seconds of an outage at a usual rate."""


def lint_delivery(config: Config) -> Iterator[Finding]:
    """Yield the findings about `delivery`, and the worst case of each way to retry."""
    note = Notes(config)
    worst: dict[str, list[str]] = {}
    for name, destination in config.destinations.items():
        where = ("destinations", name, "delivery")
        yield from _batch(config, name, destination, (*where, "batch"))
        if destination.delivery.queue.full == "refuse":
            yield from _refusing(note, name, destination, (*where, "queue", "full"))
        else:
            yield from _waiting(note, name, destination, (*where, "queue", "events"))
        retry, timeout = destination.delivery.retry, destination.delivery.timeout
        if retry.for_ < SHORT:
            yield note.warning(
                "retry_short", (*where, "retry", "for"),
                f"an outage of {quoted(name)} longer than {format_duration(retry.for_)} can "
                "turn its events into dead letters",
            )  # fmt: skip
        worst.setdefault(worst_case(retry, timeout), []).append(name)
    for sentence, names in worst.items():
        yield note.info(
            "retry_worst_case", ("destinations", names[0], "delivery", "retry"),
            f"{', '.join(names)}: {sentence}",
        )  # fmt: skip


def _refusing(note: Notes, name: str, each: Destination, where: Where) -> Iterator[Finding]:
    most = each.delivery.queue.events
    if most is None:
        yield note.warning(
            "queue_unbounded", where, f"{quoted(name)} refuses nothing",
            "`queue.events` says how many may wait, and it is not there",
        )  # fmt: skip
        return
    yield note.warning(
        "queue_refuses", where, f"{quoted(name)} loses events once {most:,} wait",
        "they count as filtered with the reason queue_full, and no replay brings them back",
    )  # fmt: skip


def _waiting(note: Notes, name: str, each: Destination, where: Where) -> Iterator[Finding]:
    most = each.delivery.queue.events
    if most is not None and most < FEW:
        yield note.warning(
            "queue_short", where, f"once {most:,} wait for {quoted(name)}, nothing is taken in",
            "a few failing events are enough to stop every destination; allow more, or refuse",
        )  # fmt: skip


def worst_case(retry: Retrying, timeout: timedelta) -> str:
    """Say when an event that always fails is dead: attempts and time must both be used up."""
    hanging = timeout * retry.attempts
    text = (
        f"an event that keeps failing is dead once {retry.attempts} attempts were made and "
        f"{format_duration(retry.for_)} have passed since the first failed"
    )
    if hanging > retry.for_:
        shown = format_duration(hanging)
        return f"{text}; attempts that all time out take {shown} or more, so their number decides"
    return text


def _batch(config: Config, name: str, each: Destination, where: Where) -> Iterator[Finding]:
    note = Notes(config)
    try:
        limit = each.adapter().batch
    except Exception as error:  # noqa: BLE001 - a stranger's constructor may raise anything
        yield note.error(
            "adapter_refuses", ("destinations", name, "settings"),
            f"the adapter of {quoted(name)} cannot be made with these settings",
            type(error).__name__,
        )  # fmt: skip
        return
    for word, asked, most in (
        ("events", each.delivery.batch.events, limit.events),
        ("bytes", each.delivery.batch.bytes, limit.bytes),
    ):
        if asked is not None and asked > most:
            yield note.warning(
                "batch_over_adapter", (*where, word),
                f"{quoted(name)} carries at most {most:,} {word} in a request, not {asked:,}",
            )  # fmt: skip
