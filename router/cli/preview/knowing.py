"""What the store knows of an event's user, for commands that decide by themselves."""

from __future__ import annotations

import asyncio
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from router.config import Config
    from router.decide.consent.signals import Signals
    from router.events.event import Event

Known: TypeAlias = "Callable[[Event], Sequence[Signals]]"


@contextmanager
def preferences(config: Config, *, asked: bool) -> Iterator[Known]:
    """Yield what returns the latest known preferences of an event's ids.

    Without being `asked` for, nothing is known and no store is opened. A store that stops
    answering ends the command with a sentence, as `opened` does.
    """
    if not asked:
        yield lambda _: ()
        return
    from router.cli.opening import opened  # noqa: PLC0415 - without --now, no store
    from router.config.secret_key import privacy_key  # noqa: PLC0415 - as above
    from router.decide.consent.preference import known_in  # noqa: PLC0415 - as above
    from router.events.keys import turns_of  # noqa: PLC0415 - as above

    with asyncio.Runner() as runner:
        opening = opened(config)
        store = runner.run(opening.__aenter__())
        secret = privacy_key(config)

        def known(event: Event) -> list[Signals]:
            found = runner.run(store.preferences.read(turns_of(event, secret)))
            return [known_in(raw) for raw in found.values()]

        try:
            yield known
        finally:
            runner.run(opening.__aexit__(*sys.exc_info()))
