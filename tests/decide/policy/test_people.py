"""`pii.trusted`: who is not trusted sees no personal data, and all that is none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from router.decide.detect.finder import KINDS
from router.decide.policy.keys import Colour, colour_of, words_of
from router.decide.policy.people import WORDS
from tests.decide.making import policy, strip
from tests.support import corpus

EVENTS = Path(__file__).parents[2] / "corpora" / "pii_events.jsonl"
untrusted = policy(trusted=False)


KEYS = {
    Colour.RED: """password, userPassword, SSN, social_security_number, creditCard, credit-card,
        Credit Card, accessToken, push_token, isVeteran, passportNumber, cvv,
        national_id, nationalIdNumber, taxId, TaxNumber, cpf, user_cpf, DNI, nino, aadhaarNumber,
        nhs_number, personnummer, identityCardNumber, national-insurance-number, PESEL,
        pwd, userPwd, OTP, otp_code, oneTimePassword, bank_account, bankAccountNumber,
        account_number, routingNumber, sort-code, privateKey, card_no, debitCardNumber, ccNumber,
        security_code, social-insurance-number, kennitala, userCPR, cuit, isikukood, TCKN,
        rijksregisternummer, egn, ppsn, personalausweisnummer, rut, SIN, tin, nir""",
    Colour.YELLOW: """gender, date_of_birth, birthday, dob, salary, serialNumber, latitude,
        sexualOrientation, allergies, birthYear, lat, date_de_naissance, deviceIMEI,
        udid, bloodType, biometrics,
        browser_fingerprint, diagnoses, ethnicGroup, marital_status""",
    Colour.CONTACT: """email, Email, emailAddress, e-mail, emails, phone, phone_number, PhoneNumber,
        address, addresses, shippingAddress, zip, zipCode, postal_code, city, ip, IP, clientIP,
        ip_address, firstName, first_name, First Name, FIRST_NAME, lastname, username, photoUrl,
        macAddress, email2, Straße, PLZ, prénom, code_postal, apellidos, direccionEnvio, cardholder,
        addressLine1, houseNumber, telefoonnummer, achternaam, nazwisko, efternamn, hometown, 住所,
        电话, адрес""",
    Colour.NAME: "name, Name, names, displayName, nombre, nom, naam, 名前",
    Colour.PERSON: "traits, user, customer",
    Colour.PLAIN: """event, product_name, campaignName, sku, price, category, ship, recipe, trace,
        description, zipper, clip, phonetic, embrace, visage, tokenize, cityscape, url, plan,
        order_id, id, user_id, national, tax, tax_amount, identity_provider, insurance_plan,
        account, account_id, accountName, bank, routing, route_number, sort, sort_order, code,
        advertising, advertisingId, IDFA, ad_id, adTrackingEnabled, blood, type, option, deviceId,
        finger, phénomène, economy, cell, card, cc, security, private, avs_result, sin_gluten,
        tin_weight""",
}
PAIRS = [(key.strip(), colour) for colour, keys in KEYS.items() for key in keys.split(",")]


@pytest.mark.parametrize(("key", "colour"), PAIRS)
def test_keys(key: str, colour: Colour) -> None:
    """Keys are read as words, whatever their spelling; parts of words say nothing."""
    assert colour is colour_of(key)


def test_words() -> None:
    """A key's words are told apart by case, signs and digits."""
    assert ("shipping", "zip", "code") == words_of("shippingZIPCode2")
    assert ("first", "name") == words_of("FIRST_NAME") == words_of("first name")


def token(value: Any) -> str:
    """Return the token of a value at the destination under test."""
    return str(strip(policy(("x", "token")), x=value)["x"])


def test_names_that_are_nobodys() -> None:
    """Names of events, pages, products, apps, campaigns and companies are no personal data."""
    products = [{"name": "Uno", "price": 1.5}]
    fields: dict[str, Any] = {
        "event": "Order Completed",
        "name": "Home",
        "context": {"app": {"name": "Shop", "version": "1.2.3.4"}, "campaign": {"name": "spring"},
                    "library": {"name": "analytics.js"},
                    "os": {"name": "iOS", "version": "17.5.1.1"}},
        "properties": {"name": "Home", "products": products},
        "traits": {"company": {"name": "ACME"}, "plan": "pro", "logins": 5},
    }  # fmt: skip

    assert fields == strip(untrusted, **fields)


def test_names_of_people() -> None:
    """A name in traits, or in an object that tells of a person, becomes a token."""
    properties = {"customer": {"name": "Maya", "id": 1}, "first_name": "Maya"}
    left = strip(
        untrusted,
        traits={"name": "Maya"},
        context={"traits": {"name": "Maya"}},
        properties=properties,
    )

    maya = token("Maya")
    assert {"name": maya} == left["traits"] == left["context"]["traits"]
    assert {"customer": {"name": maya, "id": 1}, "first_name": maya} == left["properties"]


def test_an_advertising_id_is_a_pseudonym() -> None:
    """What names a device to advertisers stays, as `anonymousId` does; a rule may take it."""
    device = {"advertisingId": "7A3CBBA0-BDF5-11E4-8DFC-AA07A5B093DB", "model": "iPhone7,2"}

    assert device == strip(untrusted, context={"device": device})["context"]["device"]


def test_traits_of_a_group() -> None:
    """A group's name is no person's; its phone number is still a contact."""
    left = strip(untrusted, type="group", traits={"name": "ACME", "phone": "0151 123"})

    assert {"name": "ACME", "phone": token("0151 123")} == left["traits"]


def test_red_and_yellow() -> None:
    """Red values go, yellow ones become tokens with all below them; flags on contacts stay."""
    left = strip(
        untrusted,
        traits={"password": "x", "email": "maya@example.com", "email_verified": True,
                "address": {"city": "Berlin", "pin": 17, "token": "x"},
                "allergy": True, "phone": None},
    )["traits"]  # fmt: skip

    assert {
        "email": token("maya@example.com"),
        "email_verified": True,
        "address": {"city": token("Berlin"), "pin": token(17)},
        "allergy": token(True),  # noqa: FBT003 - a value
        "phone": None,
    } == left


def test_ids() -> None:
    """Ids stay unless they are an address or a number of a person."""
    ids = {"userId": "maya@example.com", "anonymousId": "8f6d2a0e-5b3c-4c1d-9b7e-2f1a6d4c0e11",
           "previousId": "+49 151 12345678", "groupId": "acme"}  # fmt: skip
    left = strip(untrusted, **ids)

    assert token("maya@example.com") == left["userId"]
    assert token("+49 151 12345678") == left["previousId"]
    assert (ids["anonymousId"], "acme") == (left["anonymousId"], left["groupId"])


def test_texts_and_query_strings() -> None:
    """Personal data in URLs and texts is replaced in its place, parameters by their names too."""
    url = "https://x.de/a?e=maya%40example.com&first_name=Ma%20ya&token=abc&q=1"
    left = strip(untrusted, properties={"url": url, "note": "card 4111 1111 1111 1111!"})[
        "properties"
    ]

    maya, name = token("maya@example.com"), token("Ma ya")
    assert f"https://x.de/a?e={maya}&first_name={name}&token=[redacted]&q=1" == left["url"]
    assert "card [redacted]!" == left["note"]


def test_keys_that_are_personal_data() -> None:
    """A key that is an address goes with its value."""
    assert {"x": 1} == strip(untrusted, properties={"maya@example.com": 1, "x": 1})["properties"]


def test_rules_cannot_open_it() -> None:
    """An explicit keep does not show personal data to who is not trusted; hashing is heeded."""
    keeps = policy(("traits.email", "keep"), ("traits.phone", "hash"), trusted=False)
    left = strip(keeps, traits={"email": "maya@example.com", "phone": "+4915112345678"})["traits"]

    assert token("maya@example.com") == left["email"]
    assert 64 == len(left["phone"])


SAMPLES = {
    "email": "maya@example.com", "phone": "+49 151 12345678", "card": "4111 1111 1111 1111",
    "iban": "DE89 3704 0044 0532 0130 00", "ip": "81.2.69.160", "mac": "00:1b:44:11:3a:b7",
    "ssn": "536-22-1234", "crypto": "0x52908400098527886E0F7030069857D2E4169EE7",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "national_id": "12345678Z",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_operators_read_what_is_looked_for_by_value(kind: str) -> None:
    """The sentence says of each kind what becomes of it: a token, nothing readable, or nothing."""
    [left] = strip(untrusted, properties={"x": SAMPLES[kind]})["properties"].values()
    by_value = WORDS.partition("by value ")[2]
    tokens, redacted, unsought = re.findall(r"(.*) become .*?, (.*) are .*?, (.*) is", by_value)[0]
    found = strip(policy(((kind,), "drop")), properties={"x": SAMPLES[kind]})

    assert {} == found["properties"]
    assert (kind in tokens.split(", ")) is left.startswith("tok_")
    assert (kind in redacted.split(", ")) is (left == "[redacted]")
    assert (kind in unsought.split(", ")) is (left == SAMPLES[kind])


def test_consent_stays() -> None:
    """Consent is no personal data, whatever its categories are called."""
    consent = {"categoryPreferences": {"email": True}}

    assert {"consent": consent} == strip(untrusted, context={"consent": consent})["context"]


def test_no_field_is_exempt() -> None:
    """Personal data is found by value even where its key says nothing personal."""
    maya = "maya@example.com"
    context = {"locale": maya, "timezone": [maya], "consentManagement": {"note": maya},
               "consent": {"categoryPreferences": {maya: True, "email": True}}}  # fmt: skip
    left = strip(untrusted, channel={"x": maya}, version=[maya, "1.2.3.4"], context=context)

    assert "maya" not in json.dumps(left)
    assert {"categoryPreferences": {"email": True}} == left["context"]["consent"]
    assert "1.2.3.4" == left["version"][1]


def test_labelled_events() -> None:
    """Of labelled events, no address, card, IBAN or number that we know to tell gets through."""
    leaks = []
    for line in EVENTS.read_text().splitlines():
        labelled = json.loads(line)
        left = json.dumps(untrusted.strip(labelled["event"]).payload)
        leaks += [
            (item["kind"], item["path"])
            for item in labelled["pii"]
            if item["kind"] in ("email", "credit_card", "iban", "us_ssn", "ip")
            and str(item["value"]) in left
        ]

    assert [] == leaks


def test_captured_events_keep_their_sense() -> None:
    """Of captured events, types, names, prices and products come through as they were."""
    for event in corpus.events():
        left = untrusted.strip(event).payload
        assert event.get("event") == left.get("event")
        before, after = event.get("properties") or {}, left.get("properties") or {}
        for key in ("revenue", "total", "currency", "product_id", "sku", "name", "category"):
            assert before.get(key) == after.get(key)


@pytest.mark.parametrize("name", ["tok_maya@example.com", "[redacted] Maya", "tok_ab12_0"])
def test_nobody_is_a_token_by_name(name: str) -> None:
    """What only begins like a token is a value like others."""
    url = f"https://x/?first_name={name.replace(' ', '+')}"
    left = strip(untrusted, traits={"email": name}, properties={"url": url})

    assert token(name) == left["traits"]["email"]
    assert "maya" not in json.dumps(left).lower()
