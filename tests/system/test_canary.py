"""Personal data and secrets stay where they belong: run once, looked at from all sides.

Originals are kept in three places and nowhere else: the intakes until they are routed, the shelf
for what could not be read, and whatever is for a destination that may see personal data.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.stores import StoreServer
from tests.support.vendor import Vendor
from tests.system.aviary import RULED, UNTRUSTED, Evidence, observe
from tests.system.everywhere import found_in, names, values_in
from tests.system.planted import (
    ANYTHING,
    AS_USER,
    CREDENTIALS,
    EMAIL,
    PASSWORD,
    PERSONAL,
    PHONE,
    SETTINGS,
    heard,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

ORIGINALS = b":shelf"
TRUSTED = b":trusted:webhook"
MAY_NAME_USERS = (b":lane:", b":dead:")
"""Whose payloads hold ids that are not personal by themselves."""


@pytest.fixture(scope="module")
def seen() -> Iterator[Evidence]:
    """Give everything that could be seen of one run."""
    with tempfile.TemporaryDirectory(prefix="rt-") as place:
        folder = Path(place)
        server = StoreServer(folder).start()
        with Vendor(folder) as vendor:
            yield observe(server, vendor, folder)
        server.kill()


def test_the_ears_hear(seen: Evidence) -> None:
    """What the trusted destination and the shelf got holds the canaries, or nothing is proved."""
    loud = {EMAIL, AS_USER, PHONE, PASSWORD}

    assert loud <= heard(seen.requests["/trusted"], loud)
    shelves = [value for key, value in seen.store.items() if key.endswith(ORIGINALS)]
    assert any(EMAIL in heard(value, {EMAIL}) for value in shelves)
    assert any(b":lane:waiting:" in key for key in seen.store)
    assert len(seen.broker) > 1000
    assert len(seen.logs) > 1000


@pytest.mark.parametrize("path", UNTRUSTED)
def test_requests_of_the_untrusted_hold_nothing_personal(seen: Evidence, path: str) -> None:
    """Nothing personal reaches a vendor that may not see it, in whatever spelling or hash."""
    assert set() == heard(seen.requests[path], PERSONAL | {PASSWORD})


@pytest.mark.parametrize("name", ["allowed", *RULED])
def test_nothing_that_rules_take_reaches_its_destination(seen: Evidence, name: str) -> None:
    """Of no place does what a rule took leave, be it of any kind or none; nor is it kept."""
    heard_there = found_in if name in ("allowed", "drop") else values_in
    kept = [value for key, value in seen.store.items() if f":{name}:".encode() in key]

    assert len(found_in(seen.requests["/trusted"])) > 500
    assert set() == heard_there(seen.requests[f"/{name}"])
    assert set() == heard_there(b"\n".join(kept))


def test_nobody_tells_of_any_place(seen: Evidence) -> None:
    """No log, message or name of a key holds what events hold; commands show names and keys."""
    keys = b"\n".join([*seen.store, *seen.kept_by_broker])

    assert set() == found_in(seen.logs)
    assert set() == found_in(seen.broker + b"\n".join(seen.kept_by_broker.values()))
    assert set() == found_in(keys + repr(seen.letters).encode())
    assert values_in(b"\n".join(seen.shown.values())) <= names()


def test_a_paused_destination_gets_nothing(seen: Evidence) -> None:
    """What an operator has paused is sent no request at all."""
    assert "/waiting" not in seen.requests


def test_a_file_of_the_untrusted_holds_nothing_personal(seen: Evidence) -> None:
    """What is written to a disk is stripped as what is sent."""
    assert set() == heard(seen.archive, PERSONAL | CREDENTIALS)


def test_secrets_of_settings_go_to_their_own_vendor_alone(seen: Evidence) -> None:
    """A credential is in its own destination's requests, a signing secret in none."""
    for path, sent in seen.requests.items():
        own = {"/plain": {SETTINGS["authorization"], SETTINGS["path"]},
               "/mp": {SETTINGS["mixpanel"]}}.get(path, set())  # fmt: skip

        assert heard(sent, SETTINGS.values()) <= own


def test_logs_at_debug_hold_nothing(seen: Evidence) -> None:
    """No worker's log at DEBUG holds anybody's data, anybody's id, or a secret."""
    assert set() == heard(seen.logs, ANYTHING)


def test_celery_messages_hold_nothing(seen: Evidence) -> None:
    """Neither what the broker was told nor what it keeps holds data, ids or secrets."""
    kept = b"\n".join([*seen.kept_by_broker, *seen.kept_by_broker.values()])

    assert set() == heard(seen.broker + kept, ANYTHING)


def test_dead_letters_of_the_untrusted_hold_nothing_personal(seen: Evidence) -> None:
    """A dead letter holds what its destination might have seen, and its repr not even that."""
    untrusted = [letter for letter in seen.letters if letter.destination != "trusted"]
    kept = [letter.entry for letter in untrusted if letter.entry is not None]

    assert {"refusing", "crashing"} == {letter.destination for letter in untrusted}
    for entry in kept:
        said = f"{entry.options!r} {entry.signals!r} {entry.transformed!r}".encode()
        assert set() == heard(entry.body + said, PERSONAL | CREDENTIALS)
    assert set() == heard(repr(untrusted).encode(), ANYTHING)


def test_what_commands_show_holds_nothing(seen: Evidence) -> None:
    """Status, lists, letters and inspections show nothing unless they are told to reveal."""
    loud = {words: found for words, text in seen.shown.items() if (found := heard(text, ANYTHING))}

    assert {} == loud


def test_key_names_hold_nothing(seen: Evidence) -> None:
    """No name of a key in either database says anything about anybody."""
    assert set() == heard(b"\n".join([*seen.store, *seen.kept_by_broker]), ANYTHING)


def test_only_the_shelf_and_trusted_lanes_keep_originals(seen: Evidence) -> None:
    """All else in the store is stripped: the lanes of the untrusted unpacked, counters, marks."""
    loud = {
        key: found
        for key, value in seen.store.items()
        if not key.endswith(ORIGINALS) and not key.endswith(TRUSTED)
        and (found := heard(value, PERSONAL | CREDENTIALS))
    }  # fmt: skip

    assert {} == loud


def test_only_payloads_name_users(seen: Evidence) -> None:
    """Not even ids that are no address stand anywhere but in payloads: turns are keyed hashes."""
    loud = {
        key: found
        for key, value in seen.store.items()
        if not key.endswith(ORIGINALS) and not any(part in key for part in MAY_NAME_USERS)
        and (found := heard(value, ANYTHING))
    }  # fmt: skip

    assert {} == loud


def test_the_configuration_hides_its_secrets(seen: Evidence) -> None:
    """The repr of the whole configuration shows no secret."""
    assert set() == heard(seen.configuration.encode(), CREDENTIALS)
