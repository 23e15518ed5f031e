"""`router explain`: verdicts and payloads without store or network."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ConnectionError as Away

from router.cli.failure import Failure
from router.cli.preview.knowing import preferences
from router.config import load
from tests.cli.conftest import Shop, an_event

if TYPE_CHECKING:
    from pathlib import Path


def explained(shop: Shop, *raws: bytes) -> list[dict[str, object]]:
    """Return the lines that explain these."""
    result = shop("explain", "-", stdin=b"\n".join(raws))
    assert 0 == result.exit_code
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_gets_its_line(tmp_path: Path) -> None:
    """There are as many output lines as input lines, in their order."""
    lines = explained(Shop(tmp_path), an_event(1), b"{broken", b"", an_event(2))

    assert ["m-1", None, None, "m-2"] == [line["message_id"] for line in lines]


def test_a_line_stays_one_for_every_reader(tmp_path: Path) -> None:
    """What some readers take for the end of a line is escaped, in values and in keys."""
    odd = "a\u2028b\u2029c\x85d\\\u2028\x1c"
    raws = (an_event(1, properties={"x": odd, odd: 1}), an_event(2))
    shop = Shop(tmp_path)

    lines = explained(shop, *raws)
    result = shop("requests", "--destination", "hook", "-", stdin=b"\n".join(raws))

    assert ["m-1", "m-2"] == [line["message_id"] for line in lines]
    hook = lines[0]["destinations"]["hook"]  # type: ignore[index]  # the test fails if it is none
    assert {"x": odd, odd: 1} == hook["payload"]["properties"]
    bodies = [json.loads(line)["body"] for line in result.stdout.splitlines()]
    assert {"x": odd, odd: 1} == bodies[0]["properties"]


def test_shape_of_a_line(tmp_path: Path) -> None:
    """A line has the message id and, per destination, verdict, reason, rule and payload."""
    raw = an_event(1, context={}, receivedAt="2026-08-01T10:00:00Z")

    [line] = explained(Shop(tmp_path), raw)

    hook = line["destinations"]["hook"]  # type: ignore[index]  # the test fails if it is none
    assert {"verdict", "reason", "rule", "payload"} == hook.keys()
    assert ("send", None, "m-1") == (hook["verdict"], hook["reason"], hook["payload"]["messageId"])
    skip = {"verdict": "skip", "reason": "consent.missing", "rule": "destinations.ads.consent",
            "payload": None}  # fmt: skip
    assert skip == line["destinations"]["ads"]  # type: ignore[index]  # as above


def test_unreadable_line_says_why(tmp_path: Path) -> None:
    """A line that is no event gets its reason and no destination."""
    expected: dict[str, object] = {"message_id": None, "error": "invalid_json", "destinations": {}}

    assert [expected] == explained(Shop(tmp_path), b"{broken")


def test_programs_get_the_schema_version(tmp_path: Path) -> None:
    """With `--json` each line names the version of its shape, and is the same otherwise."""
    result = Shop(tmp_path)("explain", "--json", "-", stdin=b"{broken")

    expected: dict[str, object] = {
        "schema_version": 1,
        "message_id": None,
        "error": "invalid_json",
        "destinations": {},
    }
    assert expected == json.loads(result.stdout)


def test_needs_no_store(tmp_path: Path) -> None:
    """Explaining works while the store cannot be reached."""
    shop = Shop(tmp_path)
    shop.mend("data: ./data", "redis: redis://127.0.0.1:1/0\nprivacy_key: 0123456789abcdef0123")

    assert ["m-1"] == [line["message_id"] for line in explained(shop, an_event(1))]


def test_human_form_names_the_rule(tmp_path: Path) -> None:
    """`--human` tells verdict, meaning and rule, and shows no payload."""
    result = Shop(tmp_path)("explain", "--human", "-", stdin=an_event(1, context={}))

    assert "consent.missing: The event carries no consent" in result.stdout
    assert "[destinations.ads.consent]" in result.stdout
    assert "person1@example.test" not in result.stdout


def test_human_form_names_what_is_held_back(tmp_path: Path) -> None:
    """`--human` names the fields that a destination does not see or sees changed, and no value."""
    shop = Shop(tmp_path)
    shop.mend('consent: {not_required: "our own log"}',
              'consent: {not_required: "our own log"}\n    privacy:\n      rules:\n'
              "        - {match: properties.email, do: drop}\n"
              "        - {match: userId, do: token}\n"
              "        - {match: traits.a, do: hash}\n"
              "        - {match: traits.b, do: mask}\n"
              "        - {match: traits.c, do: redact}\n"
              "        - {match: traits.d, do: truncate}")  # fmt: skip
    raw = an_event(1, traits={"a": "secret", "b": "secret", "c": "secret", "d": "81.2.69.160"})

    shown = shop("explain", "--human", "-", stdin=raw).stdout

    for line in ("without: properties.email", "token: userId", "hashed: traits.a",
                 "masked: traits.b", "redacted: traits.c", "changed: traits.d"):  # fmt: skip
        assert line in shown
    assert "secret" not in shown
    assert "person1@example.test" not in shown
    assert "u-1" not in shown


def test_human_form_shows_no_personal_key(tmp_path: Path) -> None:
    """A key may be somebody's address: a word stands in its place."""
    shop = Shop(tmp_path)
    shop.mend('consent: {not_required: "our own log"}',
              'consent: {not_required: "our own log"}\n    privacy:\n      rules:\n'
              "        - {match: 'properties.seats.*', do: token}")  # fmt: skip
    properties = {"seats": {"maya@example.test": "window", "total": 3}}

    shown = shop("explain", "--human", "-", stdin=an_event(1, properties=properties)).stdout

    assert "properties.seats.(personal key)" in shown
    assert "properties.seats.total" in shown
    assert "maya" not in shown


def test_many_fields_are_counted(tmp_path: Path) -> None:
    """Of very many fields some are named, and of the rest the number."""
    shop = Shop(tmp_path)
    shop.mend('consent: {not_required: "our own log"}',
              'consent: {not_required: "our own log"}\n    privacy:\n      rules:\n'
              "        - {match: 'properties.*', do: drop}")  # fmt: skip
    properties = {f"p{number:02}": 1 for number in range(15)}

    shown = shop("explain", "--human", "-", stdin=an_event(1, properties=properties)).stdout

    assert "properties.p11 and 3 more" in shown


def test_oddities_of_the_map_are_told(tmp_path: Path) -> None:
    """A name that nobody bears comes with the nearest; a person's address is not repeated."""
    raw = an_event(1, integrations={"Webhok": True, "maya@example.test": False})
    shop = Shop(tmp_path)

    [line] = explained(shop, raw)
    shown = shop("explain", "--human", "-", stdin=raw).stdout

    assert [("Webhok", "name_unknown", "Webhook"), ("maya@example.test", "name_unknown", None)] == [
        (odd["name"], odd["code"], odd["meant"])
        for odd in line["oddities"]  # type: ignore[attr-defined]  # the test fails if it is none
    ]
    assert "integrations.Webhok  name_unknown" in shown
    assert "Did you mean Webhook?" in shown
    assert "maya@example.test" not in shown


def test_a_category_that_is_not_listed_is_told(tmp_path: Path) -> None:
    """Who reads that consent was denied learns that the category goes by another name here."""
    shop = Shop(tmp_path)
    raw = an_event(1, context={"consent": {"categoryPreferences": {"Ads": True}}})

    shown = shop("explain", "--human", "-", stdin=raw).stdout

    assert "consent.Ads  category_unknown" in shown
    assert "Did you mean ads?" in shown


def test_compare_shows_segment(tmp_path: Path) -> None:
    """`--compare segment` adds what Segment would have done, and why the router does otherwise."""
    shop, raw = Shop(tmp_path), an_event(1, context={})

    [line] = map(
        json.loads, shop("explain", "--compare", "segment", "-", stdin=raw).stdout.split("\n")[:1]
    )
    shown = shop("explain", "--compare", "segment", "--human", "-", stdin=raw).stdout

    told = line["destinations"]["ads"]["segment"]
    assert ("send", None, True, "fails_open") == (
        told["verdict"], told["reason"], told["differs"], told["difference"])  # fmt: skip
    assert not line["destinations"]["hook"]["segment"]["differs"]
    assert f"Segment: send\n          fails_open: {told['why']}" in shown


def test_now_heeds_what_the_store_knows(shop: Shop) -> None:
    """With `--now` a user who denied since gets the verdict that an attempt would get."""
    denial = {"consent": {"categoryPreferences": {"ads": False}}}
    shop.route(an_event(1, context=denial, anonymousId="device"))
    theirs = an_event(2, userId="u-1")
    on_device = an_event(3, userId=None, anonymousId="device")
    raws = b"\n".join([theirs, on_device, an_event(4)])

    by_options = {}
    for options in ((), ("--now",)):
        lines = shop("explain", *options, "-", stdin=raws).stdout.splitlines()
        by_options[options] = [json.loads(line)["destinations"]["ads"]["reason"] for line in lines]

    withdrawn = "consent.withdrawn"
    assert {(): [None, None, None], ("--now",): [withdrawn, withdrawn, None]} == by_options


def test_a_store_that_goes_away_is_a_sentence(shop: Shop) -> None:
    """With `--now` a store that stops answering ends the command in words."""
    config = load(shop.file, os.environ)

    with pytest.raises(Failure, match="does not answer"), preferences(config, asked=True):
        raise Away("gone")
