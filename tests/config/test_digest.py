"""The digest changes with what a configuration means, and tells nothing of it."""

from __future__ import annotations

import pytest

from tests.config.pretend import ENVIRON, EXAMPLE, KEY, KEYED, parsed


def test_digests_change_with_secrets_and_do_not_tell_them() -> None:
    """Workers can see that a secret differs between them, and not which it is."""
    first = parsed(EXAMPLE)
    second = parsed(EXAMPLE, ENVIRON | {"HOOK_SECRET": "other"})

    assert first.digest != second.digest
    assert first.destinations["hook"].digest != second.destinations["hook"].digest
    assert (
        first.destinations["product-analytics"].digest
        == second.destinations["product-analytics"].digest
    )
    assert parsed(KEYED, KEY).digest != parsed(KEYED, {"KEY": "0123456789abcdef"}).digest


@pytest.mark.parametrize(
    ("right", "other"),
    [("do: hash", "do: mask"), ("[shop]", "[default]"), ("100/s", "99/s"), ("deny", "allow"),
     ("event != ", "event = "), ("[crm, warehouse]", "[crm]"), ("type: webhook", "type: mixpanel"),
     ("127.0.0.0/8", "10.0.0.0/8"), ("stream: events", "stream: evts")],
)  # fmt: skip
def test_digests_change_with_the_meaning(right: str, other: str) -> None:
    """Whatever makes events be treated otherwise changes the digest."""
    text = EXAMPLE.replace(right, other)
    if "type: mixpanel" in other:
        text = text.replace('{url: "http://127.0.0.1:9001/", secret:', "{token:")

    assert parsed(EXAMPLE).digest != parsed(text).digest


@pytest.mark.parametrize(
    ("right", "other"),
    [("./router-data", "./elsewhere"), ("24h", "1440m"), ("1MB", "1000KB"),
     ("# the adapter", "# adapter")],
)  # fmt: skip
def test_digests_do_not_change_with_the_wording(right: str, other: str) -> None:
    """Comments, spellings and what belongs to one host alone do not change the digest."""
    assert parsed(EXAMPLE).digest == parsed(EXAMPLE.replace(right, other)).digest
