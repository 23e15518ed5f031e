"""The pages for authors and operators say what the code says."""

from __future__ import annotations

import re

import pytest

from tests.destinations import reference


@pytest.mark.parametrize("page", reference.PAGES, ids=lambda page: page.name)
def test_pages_are_up_to_date(page: reference.Page) -> None:
    """Every block between marks is what `reference --write` makes of it."""
    assert reference.rewritten(page) == page.path.read_text("utf-8")


@pytest.mark.parametrize("page", reference.PAGES, ids=lambda page: page.name)
def test_every_block_has_its_place(page: reference.Page) -> None:
    """Each block that the code can make stands once on its page, and no mark is unknown."""
    marks = re.findall(r"<!-- begin (\S+) -->", page.path.read_text("utf-8"))
    assert sorted(marks) == sorted(page.blocks())


def test_the_contract_is_told_whole() -> None:
    """Every name that an author may import is explained or shown on the authors' page."""
    text = reference.ADAPTERS.path.read_text("utf-8")
    untold = [name for name in reference.public_names() if not re.search(rf"\b{name}\b", text)]
    assert untold == []
