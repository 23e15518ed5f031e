"""Adapters come through entry points, strangers' as well as our own; a broken one is told."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest

from destinations import Adapter
from router.config import ConfigError, adapter_classes, parse
from router.config.adapters import GROUP, Broken, Installed
from tests.config.pretend import one

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """
from destinations import Adapter

class Fine(Adapter):
    name = "Fine"

class Nameless(Adapter):
    pass

class Odd(Adapter):
    name = "Odd"
    Settings = dict

number = 3
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder from which plugins can be imported."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("plugin_a", "plugin_b"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / "plugin_a.py").write_text(PLUGIN)
    return tmp_path


def installed(**points: str) -> Installed:
    """Return the adapters that these entry points offer."""
    return Installed(EntryPoint(name, value, GROUP) for name, value in points.items())


def test_our_own_adapters_come_through_the_same_door() -> None:
    """The five adapters of the product are entry points, and each can be used."""
    adapters = adapter_classes()

    assert {"console", "drill", "file", "mixpanel", "webhook"} <= set(adapters)
    assert all(issubclass(adapters[name], Adapter) for name in adapters)


@pytest.mark.usefixtures("plugins")
def test_an_adapter_is_imported_when_it_is_asked_for() -> None:
    """Listing adapters imports none of them."""
    adapters = installed(fine="plugin_a:Fine", other="plugin_b:Missing")

    assert ["fine", "other"] == list(adapters)
    assert "fine" in adapters
    assert "plugin_a" not in sys.modules

    assert "Fine" == adapters["fine"].name
    assert adapters["fine"] is adapters["fine"]


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("plugin_b:X", ('the adapter "p" cannot be imported', 'the module "plugin_b"')),
        ("plugin_a:Gone", ('the adapter "p" cannot be imported', "AttributeError in load")),
        ("plugin_a:number", ('the adapter "p" is no adapter', "plugin_a:number is no Adapter")),
        ("plugin_a:Nameless", ('the adapter "p" has no display name', "plugin_a:Nameless.name")),
        ("plugin_a:Odd", ('the adapter "p" has no usable Settings', "see plugin_a:Odd.Settings")),
    ],
)  # fmt: skip
def test_an_adapter_that_is_none_is_told(value: str, told: tuple[str, str]) -> None:
    """Whatever a plugin does wrong becomes one sentence."""
    with pytest.raises(Broken) as caught:
        installed(p=value)["p"]

    assert told[0] == caught.value.message
    assert caught.value.hint.startswith(told[1])


@pytest.mark.parametrize("crash", ["raise RuntimeError(KEY)", "raise SystemExit(KEY)", "x = 1 +"])
def test_a_plugin_that_crashes_is_told_without_its_words(plugins: Path, crash: str) -> None:
    """An exception of a stranger's module may quote a secret; only its type and line are told."""
    (plugins / "plugin_b.py").write_text(f"KEY = 'canary'\n{crash}\n")
    text = one().replace("webhook", "broken")

    with pytest.raises(ConfigError) as caught:
        parse(text, {}, adapters=installed(broken="plugin_b:X"))

    problem = str(caught.value)
    assert problem.startswith('router.yaml:3:11: the adapter "broken" cannot be imported (')
    assert "canary" not in problem


def test_two_packages_may_not_offer_one_name() -> None:
    """Which of two adapters of one name is meant cannot be guessed."""
    points = [EntryPoint("p", "a:X", GROUP), EntryPoint("p", "b:Y", GROUP)]

    with pytest.raises(Broken) as caught:
        Installed(points)["p"]

    assert ('two packages offer the adapter "p"', "uninstall one: a:X and b:Y") == (
        caught.value.message, caught.value.hint,
    )  # fmt: skip


@pytest.mark.usefixtures("plugins")
def test_a_broken_adapter_that_nobody_uses_does_no_harm() -> None:
    """Only the adapters that a configuration names are imported."""
    adapters = installed(fine="plugin_a:Fine", broken="plugin_b:X")

    config = parse("destinations: {a: {type: fine}}", {}, adapters=adapters)

    assert "Fine" == config.destinations["a"].adapter_class.name
