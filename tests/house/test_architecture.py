"""The architecture page says what is so."""

from __future__ import annotations

from tests.house.arrows import ROOMS
from tests.house.filemap import BEGIN, END, PAGE, first_sentence, rewritten


def test_file_map_is_of_today() -> None:
    """The map in the page is the one that the files' first sentences give."""
    page = PAGE.read_text("utf-8")

    assert rewritten(page) == page, "say: make docs"


def test_page_has_one_place_for_the_map() -> None:
    """Both marks stand in the page once, in their order."""
    page = PAGE.read_text("utf-8")

    assert [1, 1] == [page.count(BEGIN), page.count(END)]
    assert page.index(BEGIN) < page.index(END)


def test_page_draws_the_arrows() -> None:
    """Each room's line in the page names exactly the rooms that it may import."""
    rows = [line.split("|") for line in PAGE.read_text("utf-8").splitlines()
            if line.startswith("| `")]  # fmt: skip
    drawn = {cells[1].strip(" `"): cells[2] for cells in rows}

    assert ROOMS == {
        room: frozenset(
            name.strip(" `") for name in below.split(",") if name.strip(" `") not in {"", "nothing"}
        )
        for room, below in drawn.items()
    }


def test_first_sentence_ends_where_it_ends() -> None:
    """A colon, an abbreviation in lower case or a dotted name does not end a sentence."""
    assert "Runs `a.b`, e.g. here." == first_sentence("Runs `a.b`, e.g. here. And more.")
    assert "One: two." == first_sentence("One:\ntwo. Three.")
    assert "" == first_sentence("no end")
