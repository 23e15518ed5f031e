"""`router explain --why` and `--human`: the rule behind each field, and its line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.conftest import Shop, an_event

if TYPE_CHECKING:
    from pathlib import Path


def test_why_names_rules_and_lines(tmp_path: Path) -> None:
    """`--why` gives programs each rule's line, and per rule the fields that it changed."""
    shop = Shop(tmp_path)
    shop.mend('consent: {not_required: "our own log"}',
              'consent: {not_required: "our own log"}\n    privacy:\n      rules:\n'
              "        - {match: properties.email, do: drop}")  # fmt: skip
    lines = shop.file.read_text().splitlines()
    [told] = map(json.loads, shop("explain", "--why", "-", stdin=an_event(1)).stdout.splitlines())

    hook = told["destinations"]["hook"]
    [field] = hook["fields"]
    assert "  hook:" == lines[hook["line"] - 1]
    assert "properties.email" in lines[field["line"] - 1]
    assert ("destinations.hook.privacy.rules[0]", "without", ["properties.email"]) == (
        field["rule"], field["did"], field["paths"])  # fmt: skip
    assert "person1@example.test" not in json.dumps(hook["fields"])


def test_human_form_names_lines_and_fits(tmp_path: Path) -> None:
    """`--human` says where in the file the rule stands, or that the event brought it."""
    shop = Shop(tmp_path)
    shop.mend("destinations:", "pii: {trusted: []}\ndestinations:")
    shop.mend("hook:", f"{'hook' * 5}:")
    traits = {f"field{number}": f"person{number}@example.test" for number in range(9)}
    raw = an_event(1, context={}, traits=traits) + b"\n" + an_event(2, integrations={"All": False})

    shown = shop("explain", "--human", "-", stdin=raw + b"\n{").stdout.splitlines()

    text = shop.file.read_text().splitlines()
    assert "line 1: track m-1" == shown[0]
    [where] = [line for line in shown if "pii.trusted" in line]
    assert "pii:" in text[int(where.split("line ")[1].split()[0]) - 1]
    assert 2 == sum("by the event [integrations.All]" in line for line in shown)
    assert "line 3: unreadable: invalid_json" == shown[-1]
    assert all(len(line) <= 100 for line in shown)


def test_no_path_is_broken_in_two(tmp_path: Path) -> None:
    """A field's name may hold spaces: it stands on one line, as it was written."""
    shop = Shop(tmp_path)
    shop.mend('consent: {not_required: "our own log"}',
              'consent: {not_required: "our own log"}\n    privacy:\n      rules:\n'
              '        - {match: "properties.*", do: drop}')  # fmt: skip
    names = [f"Plan {'of  the ' * number}year" for number in range(9)]
    raw = an_event(1, properties=dict.fromkeys(names, 1))

    shown = shop("explain", "--human", "-", stdin=raw).stdout.splitlines()

    for name in names:
        assert any(f"properties.{name}" in line for line in shown), name
