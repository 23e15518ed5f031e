"""Where a rule stands in the file, by the name that a verdict gives it."""

from __future__ import annotations

from destinations.console import Console
from router.config.lines import line_of
from router.config.reading.load import parse

FILE = """
pii: {trusted: [other]}
privacy_key: "a key for tests: 0123456789"
sources:
  default:
    transform:
      - {drop: [properties.debug]}
consent: {categories: [ads, granted]}
destinations:
  other: {type: console, consent: {not_required: "a test"}}
  d:
    type: console
    consent:
      require:
        - granted
        - ads
    filters:
      - {if: 'event = "x"', do: drop}
"""


def test_lines_are_those_of_the_file() -> None:
    """A rule's line is its own; of a value in a list, the value's; of nothing written, none."""
    config = parse(FILE, {}, adapters={"console": Console})

    lines = {
        "pii.trusted": 2,
        "sources.default.transform[0]": 7,
        "destinations.d.consent": 13,
        "destinations.d.consent.require: granted": 15,
        "destinations.d.consent.require: ads": 16,
        "destinations.d.filters[0]": 18,
        "destinations.d.sources": 11,
        "integrations.All": None,
        "console.accepts": None,
    }
    assert lines == {rule: line_of(config, rule) for rule in lines}


def test_a_source_is_found_by_its_whole_name() -> None:
    """Names of sources may hold dots, brackets and colons: none is taken for another's end."""
    names = ("shop", "com", "www.shop.com", "EU: shop", "shop[0]")
    steps = "".join(f"  '{name}': {{transform: [{{drop: [properties.a]}}]}}\n" for name in names)
    text = f"sources:\n{steps}destinations: {{d: {{type: console}}}}\n"
    config = parse(text, {}, adapters={"console": Console})

    lines = [line_of(config, f"sources.{name}.transform[0]") for name in names]
    assert [2, 3, 4, 5, 6] == lines
