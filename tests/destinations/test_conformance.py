"""The suite itself: a plain adapter keeps every law, and each law finds the one that breaks it."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar

import httpx
import pytest

from destinations import Adapter, Delivered, Outcomes, Settings
from destinations.conformance import AdapterContract, SendContract
from tests.destinations.culprits import CULPRITS, Plain, plain

LAWS = {
    name.removeprefix("test_"): law
    for name, law in inspect.getmembers(AdapterContract, inspect.isfunction)
    if name.startswith("test_")
}


class TestPlain(AdapterContract):
    """An adapter that does nothing special keeps every law."""

    @pytest.fixture
    def adapter(self) -> Plain:
        """Return it."""
        return plain()


class TestWaived(AdapterContract):
    """A law that is waived is not applied."""

    waive: ClassVar[dict[str, str]] = {"refusal_rejects": "this vendor says 400 when it is busy"}

    @pytest.fixture
    def adapter(self) -> Plain:
        """Return one that breaks that law."""
        return plain(dict(CULPRITS)["refusal_rejects"])


class Sends(Adapter[Settings]):
    """Delivers without HTTP."""

    name = "Sends"

    async def send(self, deliveries: Any) -> Outcomes:
        """Say that all is well."""
        return dict.fromkeys(deliveries, Delivered())


class TestSends(SendContract):
    """An adapter with a `send` keeps the laws that concern it."""

    @pytest.fixture
    def adapter(self) -> Sends:
        """Return it."""
        return Sends(Settings())


@pytest.mark.parametrize(("law", "culprit"), CULPRITS)
def test_the_law_finds_its_culprit(
    law: str, culprit: type[Plain], caplog: pytest.LogCaptureFixture
) -> None:
    """An adapter that breaks a law fails it."""
    arguments = {"caplog": caplog} if "caplog" in inspect.signature(LAWS[law]).parameters else {}
    with pytest.raises((AssertionError, KeyError)):
        LAWS[law](AdapterContract(), plain(culprit), **arguments)


def test_every_law_has_a_culprit() -> None:
    """No law is without proof that it can fail."""
    assert set(LAWS) - {law for law, _ in CULPRITS} == {"waivers_name_laws", "speaks_http"}


def test_the_way_of_sending_is_checked() -> None:
    """An adapter under the wrong contract is told."""
    with pytest.raises(AssertionError):
        AdapterContract().test_speaks_http(Sends(Settings()))
    with pytest.raises(AssertionError):
        SendContract().test_sends_for_itself(plain())


@pytest.mark.parametrize("waivers", [{"no_such_law": "because"}, {"gone_holds": " "}])
def test_a_waiver_must_make_sense(waivers: dict[str, str]) -> None:
    """A waiver of no law, or for no reason, is a failure."""

    class Waiving(AdapterContract):
        waive: ClassVar[dict[str, str]] = waivers

    with pytest.raises(AssertionError):
        Waiving().test_waivers_name_laws()


def test_every_law_is_stated() -> None:
    """Each law says in a sentence what it demands."""
    for law in LAWS.values():
        assert (inspect.getdoc(law) or "").endswith(".")


def test_the_suite_names_what_an_author_forgot() -> None:
    """Without the fixture `adapter` the suite says what to write."""
    fixture = inspect.unwrap(AdapterContract.adapter)
    with pytest.raises(NotImplementedError, match="adapter"):
        getattr(fixture, "_fixture_function", fixture)(AdapterContract())


def test_the_default_answer_is_a_plain_yes() -> None:
    """Unless its author says otherwise, a vendor is content with 200."""
    answer = AdapterContract().answer(httpx.Request("GET", "https://vendor.test/"))
    assert (answer.status_code, answer.json()) == (200, {})
