"""Console: one line per event on standard output, to see what would be sent."""

from __future__ import annotations

import asyncio
import struct
import sys
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from destinations.contract import Adapter, Batch, Outcomes, Settings
from destinations.outcome import Delivered, Retry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from destinations.delivery import Delivery


class ConsoleSettings(Settings):
    """How much to show."""

    format: Literal["json", "short"] = Field(
        default="json",
        description="`json`: the event as the destination would get it. `short`: the"
        " destination's name, the type, and what happened.",
    )


class Console(Adapter[ConsoleSettings]):
    """Print events, with whatever personal data the privacy rules leave in them."""

    Settings = ConsoleSettings
    name = "Console"
    batch = Batch(events=100, in_order=True)

    async def send(self, deliveries: Sequence[Delivery]) -> Outcomes:
        """Print a line for each."""
        show = _short if self.settings.format == "short" else _json
        lines = "".join(f"{harmless(show(delivery))}\n" for delivery in deliveries)
        try:
            await asyncio.to_thread(_print, lines)
        except OSError:
            return dict.fromkeys(deliveries, Retry("stdout_closed"))
        return dict.fromkeys(deliveries, Delivered())


def _json(delivery: Delivery) -> str:
    return delivery.body.decode()


def _short(delivery: Delivery) -> str:
    what = delivery.get("event") or delivery.get("name")
    words = (delivery.destination, delivery.type, what, delivery.message_id)
    return " ".join(str(word) for word in words if word)


def harmless(text: str) -> str:
    """Write out, as JSON escapes do, the characters that a terminal would obey or hide."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    """Return the escape by which JSON writes a character."""
    units = struct.iter_unpack(">H", character.encode("utf-16-be", "surrogatepass"))
    return "".join(f"\\u{unit:04x}" for (unit,) in units)


def _print(lines: str) -> None:
    sys.stdout.write(lines)
    sys.stdout.flush()
