"""The README and the configuration page say what is so."""

from __future__ import annotations

import re
import textwrap

import pytest

from router.config import parse
from tests.house.modules import ROOT
from tests.house.pages import BLOCKS, rewritten


@pytest.mark.parametrize("name", BLOCKS)
def test_pages_are_up_to_date(name: str) -> None:
    """Every block between marks is what the code of today makes of it."""
    assert rewritten(name) == (ROOT / name).read_text("utf-8"), "say: make docs"


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_has_its_place(name: str) -> None:
    """Each block stands once on its page, and no mark is unknown."""
    page = (ROOT / name).read_text("utf-8")

    assert sorted(BLOCKS[name]) == sorted(re.findall(r"<!-- begin (\S+) -->", page))


def test_links_lead_somewhere() -> None:
    """Every relative link of every page names a file or folder that exists."""
    broken = [
        f"{page.name}: {link}"
        for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
        if not (page.parent / link).exists()
    ]

    assert [] == broken


def test_places_that_the_readme_names_exist() -> None:
    """Each file or folder of ours that the README names in passing is there."""
    named = re.findall(
        r"`((?:router|destinations|tests|docs)/[\w./-]*)`", (ROOT / "README.md").read_text()
    )

    assert named
    assert [] == [place for place in named if not (ROOT / place).exists()]


def test_proofs_that_the_readme_names_exist() -> None:
    """Each test file that the README gives as a proof is there, with its folder or without."""
    named = set(re.findall(r"\btest_\w+\.py\b", (ROOT / "README.md").read_text("utf-8")))

    assert named
    assert set() == named - {path.name for path in (ROOT / "tests").rglob("test_*.py")}


@pytest.mark.parametrize(
    "name",
    ["README.md", "docs/configuration.md", "docs/consent.md", "docs/privacy.md", "docs/stores.md"],
)
def test_examples_of_configuration_load(name: str) -> None:
    """Every YAML example of a page is a configuration that starts."""
    page = (ROOT / name).read_text("utf-8")
    examples = re.findall(r"^( *)```yaml\n(.*?)\n *```", page, re.DOTALL | re.MULTILINE)

    loaded = [parse(textwrap.dedent(text), {}) for _, text in examples]

    assert loaded
    assert all(config.destinations for config in loaded)
