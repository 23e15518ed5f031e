"""How `router dead` takes a query from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from router.cli.failure import Exit
from tests.cli.conftest import an_event

if TYPE_CHECKING:
    from tests.cli.conftest import Shop


@pytest.mark.parametrize("words", [("-dest:ads",), ("reason:http_*", "-dest:ads")])
def test_a_term_may_begin_with_a_minus(shop: Shop, words: tuple[str, ...]) -> None:
    """What must not match is told as the help says, and is no option."""
    shop.route(an_event(1))
    shop.bury("hook:webhook", "http_400", 400)
    shop.bury("ads:console", "http_503", 503)

    assert ["hook"] == [line["destination"] for line in shop.lines("dead", "list", *words)]


def test_a_misspelt_option_is_no_term(shop: Shop) -> None:
    """Nothing is replayed because `--dry-run` was misspelt."""
    assert Exit.USAGE == shop("dead", "replay", "dest:hook", "--dry-rnu").exit_code
