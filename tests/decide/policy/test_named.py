"""Rules by what keys say, and rules by value that look below a place alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.decide.making import Matcher, policy, strip

SEGMENT = {
    "red": """social security number, password, visa, veteran, disability, credit card, passport,
        token""",
    "yellow": """race, birthdate, phone, address, gender, ethnicity, citizenship, name, street,
        city, zipcode, email, certificate, license, identification, serial, ip, photo, salary,
        religion, mac, sex, sexual orientation, medication, allergy, condition, diagnosis,
        procedure""",
}
"""Segment's default matchers (its documentation of the privacy portal)."""
NAMES = [(preset, name.strip()) for preset, names in SEGMENT.items() for name in names.split(",")]


def spellings(name: str) -> list[str]:
    """Return the ways in which a key may be written."""
    words = name.split()
    camel = words[0] + "".join(map(str.capitalize, words[1:]))
    return [name, "_".join(words), camel, " ".join(words).title(), "-".join(words).upper()]


@pytest.mark.parametrize(("preset", "name"), NAMES)
def test_presets(preset: str, name: str) -> None:
    """Every matcher of Segment's is in its preset, in every spelling, at any depth of traits."""
    other = "yellow" if preset == "red" else "red"
    for key in spellings(name):
        traits = {key: "x", "plan": "pro", "customer": {"list": [{key: {"deep": 1}}]}}
        if name == "name":
            traits["customer"] = {key: "x"}
        matching = policy((Matcher(keys=(preset,)), "drop"))
        beside = policy((Matcher(keys=(other,)), "drop"))

        kept = strip(matching, traits=traits)["traits"]
        assert {"plan", "customer"} == kept.keys()
        assert kept["customer"] in ({}, {"list": [{}]})
        assert {"traits": traits} == strip(beside, traits=traits)


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ("pr\u00e9nom", "prenom"), ("pr\u00e9nom", "PRE\u0301NOM"), ("prenom", "pr\u00e9nomUsuel"),
        ("red", "rodne_cislo"), ("yellow", "tele\u0301fono"), ("yellow", "\uff45mail"),
        ("n\u00famero de socio", "numeroDeSocio"), ("\u0438\u043c\u044f", "\u0418\u041c\u042f"),
    ],
)  # fmt: skip
def test_accents_make_no_other_key(keys: str, key: str) -> None:
    """Keys are the same with and without accents, and however these are put together."""
    drops = policy((Matcher(keys=(keys,)), "drop"))

    assert {"traits": {}} == strip(drops, traits={key: "x"})


def test_names_are_peoples() -> None:
    """A bare `name` is yellow where its owner is a person; a group is none."""
    drops = policy((Matcher(keys=("yellow",)), "drop"))
    fields: dict[str, Any] = {"name": "Home", "properties": {"name": "Home", "user": {"name": "M"}}}

    assert {"name": "Home", "properties": {"name": "Home", "user": {}}} == strip(drops, **fields)
    assert {"traits": {}} == strip(drops, traits={"name": "Maya"})
    assert {"traits": {"name": "ACME"}} == strip(drops, type="group", traits={"name": "ACME"})


def test_flags_of_contacts_stay() -> None:
    """True and false below a contact say nothing personal; an allow-list still drops them."""
    traits = {"email_verified": True, "email": "x", "allergy": True, "phone": {"verified": False}}
    tokens = policy((Matcher(keys=("yellow",)), "redact"))
    drops = policy((Matcher(keys=("yellow",)), "drop"))
    allows = policy((Matcher(keys=("yellow",)), "mask"), default="drop")
    redacted = "[redacted]"

    assert {
        "email_verified": True, "email": redacted, "allergy": redacted,
        "phone": {"verified": redacted},
    } == strip(tokens, traits=traits)["traits"]  # fmt: skip
    assert {"email_verified": True} == strip(drops, traits=traits)["traits"]
    assert "email_verified" not in strip(allows, traits=traits)["traits"]


@pytest.mark.parametrize(
    ("key", "matches"),
    [
        ("loyaltyNumber", True), ("LOYALTY_NUMBER", True), ("customer-loyalty-number-2", True),
        ("loyaltynumber", True), ("loyalty numbers", True), ("Loyalty", False),
        ("number", False), ("loyaltyCardNumber", False), ("disloyalty_number", False),
    ],
)  # fmt: skip
def test_own_words(key: str, matches: bool) -> None:  # noqa: FBT001 - a column
    """Words of one's own are found in a key when they stand there together."""
    drops = policy((Matcher(keys=("loyalty number",)), "drop"))
    properties = {"a": [{key: "17"}]}

    assert matches == ({"properties": {"a": [{}]}} == strip(drops, properties=properties))


def test_first_match_wins_among_all_matches() -> None:
    """Rules by path, by key and by value keep their order."""
    keeps = policy(("properties.email", "keep"), (Matcher(keys=("yellow",)), "drop"))
    drops = policy((Matcher(keys=("yellow",)), "drop"), ("properties.email", "keep"))
    properties = {"email": "a@b.co", "phone": "1"}

    assert {"email": "a@b.co"} == strip(keeps, properties=properties)["properties"]
    assert {} == strip(drops, properties=properties)["properties"]


def test_values_below_a_path() -> None:
    """A path with `detect` looks for its kinds there alone; what it does not find goes on."""
    masks = policy((Matcher(path="properties.**", detect=("email",)), "mask"),
                   ("properties.note", "redact"))  # fmt: skip
    left = strip(masks, properties={"note": "to a@b.co", "x": ["a@b.co"], "note2": "-"},
                 traits={"x": "a@b.co"})  # fmt: skip

    assert {
        "properties": {"note": "to ***@b.co", "x": ["***@b.co"], "note2": "-"},
        "traits": {"x": "a@b.co"},
    } == left
    assert {"note": "[redacted]"} == strip(masks, properties={"note": "-"})["properties"]


def test_values_below_keys() -> None:
    """Keys with `detect` look below those keys alone, and keep nothing in an allow-list."""
    masks = policy((Matcher(keys=("comment",), detect=("email",)), "mask"))
    keeps = policy((Matcher(keys=("comment",), detect=("email",)), "keep"), default="drop")
    properties = {"userComment": {"text": "a@b.co", "x": "y"}, "other": "a@b.co"}

    assert {
        "properties": {"userComment": {"text": "***@b.co", "x": "y"}, "other": "a@b.co"}
    } == strip(masks, properties=properties)
    assert {"properties": {"userComment": {"text": "a@b.co"}}} == strip(
        keeps, properties=properties
    )


def test_options_are_matched_by_keys_too() -> None:
    """What an event says to the destination alone is no way around."""
    drops = policy((Matcher(keys=("red", "yellow")), "drop"))
    left = drops.strip({"type": "track"}, (), {"email": "a@b.co", "x": 1})

    assert {"x": 1} == left.options


@pytest.mark.parametrize("label", ["key", "name", "label", "field"])
def test_a_form_says_what_its_values_are(label: str) -> None:
    """A form's field is matched by what it calls itself; other fields and keys stay."""
    drops = policy((Matcher(keys=("yellow",)), "drop"), ("properties.x", "redact"))
    fields = [{label: "E-Mail", "value": "a"}, {label: "plan", "value": "pro"},
              {label: "First Name", "value": {"text": "Maya"}}]  # fmt: skip
    left = strip(drops, properties={"fields": fields, "x": "y"})["properties"]

    assert [{label: "E-Mail"}, {label: "plan", "value": "pro"}, {label: "First Name"}] == left[
        "fields"
    ]
    assert "[redacted]" == left["x"]


@pytest.mark.parametrize(
    ("do", "text", "left"),
    [
        ("drop", "https://x.de/?q=1&first_name=Ma%20ya#e", "https://x.de/?q=1&first_name=[redacted]#e"),
        ("hash", "phone=0151&plan=pro", "phone=[redacted]&plan=pro"),
        ("token", "phone=0151&plan=pro", "phone={0151}&plan=pro"),
        ("keep", "phone=0151", "phone=0151"),
        ("drop", '{"phone":"0151","plan":"pro"}', '{"plan":"pro"}'),
        ("mask", '[{"user":{"name":"Maya","age":1}}]', '[{"user":{"age":1}}]'),
        ("drop", '{"email_verified":true}', '{"email_verified":true}'),
        ("token", '{"city":["Ulm"]}', '{"city":["{Ulm}"]}'),
        ("drop", '{"name":"x"}', '{"name":"x"}'),
        ("drop", '{"phone":"1","url":"/?q=1&phone=0151"}', '{"url":"/?q=1&phone=[redacted]"}'),
        ("token", '{"in":"{\\"phone\\":\\"0151\\"}"}', '{"in":"{\\"phone\\":\\"{0151}\\"}"}'),
        ("drop", "/?data=%7B%22phone%22%3A%220151%22%7D", "/?data=[redacted]"),
        ("drop", '/?data={"plan":"pro"}&x={', '/?data={"plan":"pro"}&x={'),
    ],
)  # fmt: skip
def test_keys_within_texts(do: str, text: str, left: str) -> None:
    """Keys count in JSON and in parameters too: what they name becomes a token there, or goes."""
    rules = policy((Matcher(keys=("yellow",)), do))
    event = {"type": "track", "properties": {"text": text}}
    once = rules.strip(event)
    tokens = strip(policy(("**", "token")), a="0151", b="Ulm")

    wanted = left.replace("{0151}", tokens["a"]).replace("{Ulm}", tokens["b"])
    assert wanted == once.payload["properties"]["text"]
    assert once == rules.strip(once.payload, once.transformed)
