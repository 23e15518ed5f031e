"""Secrets of a configuration reach adapters, and nothing that is written or shown."""

from __future__ import annotations

import pytest

from tests.config.pretend import EXAMPLE, KEY, KEYED, one, parsed, said


def test_no_repr_shows_a_secret() -> None:
    """A configuration can be printed: neither settings, addresses nor keys are in it."""
    shown = repr(parsed(EXAMPLE)) + repr(parsed(KEYED, KEY)) + str(parsed(KEYED, KEY))

    assert "canary" not in shown
    assert "wk_shop" not in shown


def test_no_problem_shows_a_secret() -> None:
    """A refused secret is not repeated, not even by an adapter's own words."""
    text = one(settings="{url: 'https://a.test', secret: '${S}'}")

    assert ["router.yaml:4:47: too short: ***"] == said(text, {"S": "short_canary"})


@pytest.mark.parametrize("secret", ["o", "too", "short"])
def test_a_short_secret_does_not_garble_a_problem(secret: str) -> None:
    """Where gaps in a sentence would tell a short secret, the sentence is not told at all."""
    text = one(settings="{url: 'https://a.test', secret: '${S}', log: '${L}'}")
    (problem,) = said(text, {"S": "short_canary", "L": secret})

    assert problem.startswith('router.yaml:4:47: "secret" is not accepted (why is not told: ')


def test_a_short_secret_elsewhere_hides_nothing() -> None:
    """A sentence in which no secret stands is told as it is."""
    text = one(settings="{url: 'https://a.test', secret: '${S}', log: '${L}'}")

    assert ["router.yaml:4:47: too short: ***"] == said(text, {"S": "short_canary", "L": "q"})


@pytest.mark.parametrize("secret", ["{a: canary}", "[[canary]]", "[canary, {}]"])
def test_a_secret_of_the_wrong_shape_is_not_shown(secret: str) -> None:
    """Even where a secret stands in the wrong place, the problem does not repeat it."""
    problems = said(one(settings=f"{{url: 'https://a.test', secret: {secret}}}"))

    assert problems
    assert "canary" not in str(problems)
