"""The parts of the README and of the pages for operators that are made from code and cases.

`python -m tests.house.pages --write` (or `make docs`) writes them; a test says when they are stale.
"""

from __future__ import annotations

import sys
import textwrap
from functools import partial
from typing import TYPE_CHECKING

from router.cli.failure import Exit
from router.config.reference import render_actions, render_settings, render_vendors
from router.config.sections.whole import Queue
from router.observe.reasons import DeadReason, HoldReason, ShelfReason, SkipReason
from router.store.rights import rule
from tests.house.consent import render_places, render_sections
from tests.house.expressions import render_answers, render_departures
from tests.house.modules import ROOT
from tests.house.verdicts import render_consent, render_differences, render_maps, render_oddities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from router.observe.reasons import Reason


QUEUES = (Queue().stream, Queue().list)


def _rights() -> str:
    words = " ".join(f"'{word}'" if set(word) & set("~&{|") else word
                     for word in rule("router", QUEUES))  # fmt: skip
    lines = textwrap.wrap(f"redis-cli ACL SETUSER {words} '>PASSWORD'", 120,
                          break_on_hyphens=False, break_long_words=False)  # fmt: skip
    return "```sh\n{}\n```".format(" \\\n  ".join(lines))


def _exits() -> str:
    said = (f"{exit_code.value} {exit_code.name.lower().replace('_', ' ')}" for exit_code in Exit)
    return f"Exit codes: {', '.join(said)}."


def _table(reasons: Iterable[Reason], advice: str) -> str:
    head = ["reason", "what it means", *([advice] if advice else [])]
    rows = [head, ["---"] * len(head)]
    rows += [
        [f"`{reason.value}`", reason.meaning, *([reason.advice] if advice else [])]
        for reason in reasons
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


BLOCKS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"exits": _exits},
    "docs/reasons.md": {
        "held": partial(_table, HoldReason, "what to do"),
        "dead": partial(_table, DeadReason, "what to do"),
        "shelf": partial(_table, ShelfReason, "what to do"),
        "filtered": partial(_table, SkipReason, ""),
    },
    "docs/privacy.md": {"actions": render_actions, "vendors": render_vendors},
    "docs/configuration.md": {"settings": render_settings},
    "docs/stores.md": {"rights": _rights},
    "docs/filters.md": {"answers": render_answers, "departures": render_departures},
    "docs/consent.md": {"places": render_places, "sections": render_sections},
    "docs/verdicts.md": {
        "consent": render_consent,
        "maps": render_maps,
        "oddities": render_oddities,
        "differences": render_differences,
    },
}
"""By page and by the name between its marks, what makes the block."""


def rewritten(name: str) -> str:
    """Return a page with its blocks as the code of today makes them."""
    page = (ROOT / name).read_text("utf-8")
    for block, make in BLOCKS[name].items():
        begin, end = f"<!-- begin {block} -->", f"<!-- end {block} -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        page = f"{before}{begin}\n\n{make().strip()}\n\n{end}{after}"
    return page


def main() -> int:
    """Write the pages, or tell whether one is stale."""
    stale = 0
    for name in BLOCKS:
        new = rewritten(name)
        stale |= new != (ROOT / name).read_text("utf-8")
        if "--write" in sys.argv:
            (ROOT / name).write_text(new, "utf-8")
    return 0 if "--write" in sys.argv else stale


if __name__ == "__main__":
    raise SystemExit(main())
