"""`router destinations`: what is shown, and what pausing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.cli.failure import Exit

if TYPE_CHECKING:
    from router.store.audit import Deed
    from router.store.store import Store
    from tests.cli.conftest import Shop


def test_list_says_what_each_may_have(shop: Shop) -> None:
    """Each destination stands with adapter, state, consent and what it may see."""
    [hook, ads] = shop.json("destinations", "list")["destinations"]

    assert ("hook", "webhook", "healthy") == (hook["name"], hook["type"], hook["state"])
    assert ("not required", "everything") == (hook["consent"], hook["may_see"])
    assert "ads" == ads["consent"]


def test_show_masks_secrets(shop: Shop) -> None:
    """Secret settings are shown as stars, in both forms."""
    shown = shop.json("destinations", "show", "hook")
    people = shop("destinations", "show", "hook").stdout

    settings = {setting["name"]: setting["value"] for setting in shown["settings"]}
    assert ("**********", "**********") == (settings["url"], settings["secret"])
    assert "hidden" not in people + str(shown)
    assert "10s" == shown["delivery"]["timeout"]


def test_show_describes_every_setting(shop: Shop) -> None:
    """The adapter's settings stand in a table with what they mean."""
    shown = shop.json("destinations", "show", "hook")["settings"]

    assert all(setting["description"] and setting["type"] for setting in shown)


def test_pause_and_resume_say_how_to_undo(shop: Shop) -> None:
    """A change tells what changed on stdout and how to undo it on stderr."""
    paused = shop("destinations", "pause", "hook", "--reason", "vendor asked")
    again = shop("destinations", "pause", "hook", "--reason", "still")
    resumed = shop("destinations", "resume", "hook")

    assert "hook is paused\n" == paused.stdout
    assert "undo: router destinations resume hook\n" == paused.stderr
    assert "hook was paused already; that stays\n" == again.stdout
    assert "hook is no longer paused (vendor asked)\n" == resumed.stdout


def test_resuming_what_is_not_held_changes_nothing(shop: Shop) -> None:
    """Resuming twice is no mistake."""
    result = shop("destinations", "resume", "hook")

    assert ("hook was not held\n", 0) == (result.stdout, result.exit_code)


def test_unknown_name_gets_the_nearest(shop: Shop) -> None:
    """A destination that is not there ends with 6 and the nearest name."""
    result = shop("destinations", "pause", "hok", "--reason", "x")

    assert Exit.NOT_FOUND == result.exit_code
    assert 'router: there is no destination "hok": did you mean "hook"?\n' == result.stderr


def test_changes_are_noted_with_operator_and_reason(shop: Shop) -> None:
    """The audit knows who paused what, and why."""
    shop("destinations", "pause", "hook", "--reason", "vendor asked")
    shop("destinations", "resume", "hook")

    async def latest(store: Store) -> list[Deed]:
        return await store.audit.latest(10)

    deeds: list[Deed] = shop.ask(latest)
    whats = ["destinations resume", "destinations pause"]
    assert whats == [deed.what for deed in deeds]
    assert ("hook", "vendor asked") == (deeds[1].target, deeds[1].reason)
    assert deeds[1].by
