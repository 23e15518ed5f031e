"""The operator's table of outcomes in the file: what it may say, and how its slips are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from router.config.reading.load import parse
from tests.config.pretend import said

FILE = """\
consent: {categories: []}
destinations:
  hook:
    type: webhook
    settings: {url: "https://hooks.test/"}
    delivery:
      outcomes:
        - RULE
"""


def test_a_table_is_read() -> None:
    """Statuses come as numbers, ranges and lists; values to compare with as one or several."""
    rule_text = '{status: [409, 5xx], body: {"error.code": dup*, ok: [false, 0]}, then: throttled, wait: 2m}'  # noqa: E501 - one line of YAML
    text = FILE.replace("RULE", rule_text)
    (rule,) = parse(text, {}).destinations["hook"].delivery.outcomes
    assert rule.status == (409, *range(500, 600))
    assert rule.body == {"error.code": ("dup*",), "ok": (False, 0)}
    assert rule.wait == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{status: 409, then: deliverd}",
         '8:31: unknown word "deliverd" (did you mean "delivered"?)'),
        ("{status: 9xx, then: retry}", '"9xx" is no HTTP status (409, 4xx, 500-599, or a list)'),
        ("{status: 502-500, then: retry}", "an empty range or list of statuses matches nothing"),
        ("{then: retry}", "a rule for every answer leaves nothing to the adapter"),
        ("{status: 500, then: retry, wait: 5s}", 'wait means nothing for "retry"'),
        ('{status: 500, then: retry, reason: "Not OK"}', '"Not OK" is no reason code'),
        ("{body: {a..b: 1}, then: retry}", "is no step of a path"),
        ("{body: {a: {b: 1}}, then: retry}", "a value to compare with is"),
        ("{header: {x: '[a'}, then: retry}", "a pattern that does not end"),
        ("{statsu: 500, then: retry}", 'unknown word "statsu" (did you mean "status"?)'),
    ],
)  # fmt: skip
def test_a_slip_in_the_table_is_told(rule: str, told: str) -> None:
    """What cannot work is found at start, with its line and what would be right."""
    (problem,) = said(FILE.replace("RULE", rule))
    assert told in problem
    assert problem.startswith("router.yaml:8:")
