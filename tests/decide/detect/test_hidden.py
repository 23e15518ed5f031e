"""Where personal data hides: it is found in whatever it is wrapped."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.decide.detect.finder import KINDS, compile_finder
from router.decide.detect.plain import read
from router.decide.verdict import PolicyError
from tests.decide.making import policy, strip

if TYPE_CHECKING:
    from collections.abc import Callable

find = compile_finder(frozenset(KINDS) - {"jwt"}).find
MAYA = "maya.canary@example.com"

WRAPPINGS: dict[str, Callable[[str], str]] = {
    "percent": lambda text: quote(text, safe=""),
    "percent, all of it": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "html": lambda text: text.replace("@", "&#64;"),
    "html, hexadecimal": lambda text: text.replace("@", "&#x40;"),
    "html, by name": lambda text: text.replace("@", "&commat;"),
    "json": lambda text: text.replace("@", "\\u0040"),
    "javascript": lambda text: text.replace("@", "\\x40"),
    "full width": lambda text: text.replace("@", "\uff20"),
    "zero width": lambda text: text[:2] + "\u200b" + text[2:],
    "soft hyphen": lambda text: text[:2] + "\u00ad" + text[2:],
    "json in a string": lambda text: json.dumps({"a": [text]}),
    "query": lambda text: f"https://x.de/p?e={quote(text)}&b=1",
    "fragment": lambda text: f"https://x.de/cb#t=1&e={quote(text)}",
    "path": lambda text: f"/account/{text}/orders",
    "sentence": lambda text: f"Write to {text}, please.",
}
CLOSED: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for urls": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "token": lambda text: ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=")
        for part in (b'{"alg":"HS256"}', json.dumps({"e": text}).encode(), b"signature signature")
    ),
}


@pytest.mark.parametrize("wrap", [*WRAPPINGS, *CLOSED])
def test_wrappings(wrap: str) -> None:
    """Each wrapping by itself hides nothing."""
    wrapped = (WRAPPINGS | CLOSED)[wrap](MAYA)

    assert ["email"] == [span.kind for span in find(wrapped)]


@pytest.mark.parametrize("closed", CLOSED)
@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\ufeff", "\u00a0", "\u2028", "\u3000"])
def test_invisible_signs_within_closed_texts(sign: str, closed: str) -> None:
    """What is opened may hold odd spaces and signs that nobody sees, as any text may."""
    found = find(CLOSED[closed](f"Write{sign}to{sign} {MAYA}"))

    assert ["email"] == [span.kind for span in found]


@given(
    st.lists(st.sampled_from(sorted(WRAPPINGS)), max_size=3),
    st.lists(st.sampled_from(sorted(CLOSED)), max_size=1),
)
def test_wrappings_of_wrappings(names: list[str], closed: list[str]) -> None:
    """Several around each other hide nothing either, and no reading of what is left shows it."""
    text = MAYA
    for name in [*closed, *names]:
        text = (WRAPPINGS | CLOSED)[name](text)
    left = strip(policy((("email",), "redact")), properties={"x": text})["properties"]["x"]

    assert "[redacted]" in read(left)
    assert "canary" not in read(left)


FULL_WIDTH = str.maketrans("0123456789", "".join(map(chr, range(0xFF10, 0xFF1A))))
ARABIC = str.maketrans("0123456789", "".join(map(chr, range(0x660, 0x66A))))
PHONES = [
    *("+49 1511 2345678".translate(FULL_WIDTH), "+49 1511 2345678".translate(ARABIC)),
    *("+49\u00a01511\u00a02345678", "+49\u20111511\u20112345678", "+49\u20091511 2345678"),
    *(
        "whatsapp://send?phone=4915112345678",
        "https://x.de/?tel=0151%2012345678",
        "(030) 1234 5678",
    ),
    *('{"phone": 4915112345678}', "?mobile=%28201%29+560-9904", "call me on 01511 2345678 ext. 42"),
    *("v=please+note+%2B4915112345678+ok", "a=1&b=%2B49+151+12345678", "?q=x+%2B49-151-12345678"),
    *("06 12 34 56 78", "1-800-333-0766", "202.555.0143", "0049 30 123456", "tel.: 030/1234567"),
]


@pytest.mark.parametrize("text", PHONES)
def test_phones(text: str) -> None:
    """Phone numbers in foreign digits and spaces, in URLs, and where a word announces them."""
    assert ["phone"] == [span.kind for span in find(text)]


def changed(kinds: tuple[str, ...], properties: object) -> object:
    """Return what redacting some kinds leaves of an event's properties."""
    return strip(policy((kinds, "redact")), properties=properties)["properties"]


def test_keys_are_hints() -> None:
    """Below a key that names a kind a number needs no form, below any other it does."""
    fields = {
        "phone": "0151 1234567",
        "mobileNumber": 4915112345678,
        "phones": [{"number": "5551234567"}],
        "card_number": 4222222222222,
        "ssn": "123456789",
    }
    kinds = ("phone", "card", "ssn")

    assert {
        "phone": "[redacted]",
        "mobileNumber": "[redacted]",
        "phones": [{"number": "[redacted]"}],
        "card_number": "[redacted]",
        "ssn": "[redacted]",
    } == changed(kinds, fields)
    other = {"a": "5551234567", "b": 4915112345678, "c": 4222222222222, "d": "123456789"}
    assert other == changed(kinds, other)


@pytest.mark.parametrize("span", ["1990-1995", "1990 - 1995", "2000/2010", "2019\u20132021"])
def test_spans_of_years_stay(span: str) -> None:
    """From one year to another is no phone number, in free text neither."""
    fields = {"message": f"I lived there {span} and was happy."}

    assert fields == changed(("phone",), fields)


def test_numbers_of_orders_stay() -> None:
    """What its key calls an order, an article or a moment is neither card nor phone."""
    fields = {"order_id": "4140632922880409", "sku": "202-555-0143", "ean": 4111111111111111}

    assert fields | {"sku": "[redacted]"} == changed(("phone", "card"), fields)


@pytest.mark.parametrize("label", ["key", "name", "label", "id", "field"])
def test_fields_of_forms(label: str) -> None:
    """A form's field is what it calls itself."""
    fields = [
        {label: "Phone number", "value": "0151123456"},
        {label: "Coupon", "value": "0151123456"},
    ]

    assert [{**fields[0], "value": "[redacted]"}, fields[1]] == changed(("phone",), fields)


def test_prose_and_values() -> None:
    """In prose any number that is announced as nothing else counts; elsewhere it needs a form."""
    text = "Ich bin 5551234567 ab 18 Uhr, Bestellung 1234567890, since 1702926546"

    assert {"message": text.replace("5551234567", "[redacted]")} == changed(
        ("phone",), {"message": text}
    )
    assert {"sku": "5551234567"} == changed(("phone",), {"sku": "5551234567"})


def test_whole_texts() -> None:
    """What is hidden in a token goes with the whole token, the text around it stays."""
    token = CLOSED["token"](MAYA)

    assert {"x": "a [redacted] b"} == changed(("email",), {"x": f"a {token} b"})
    assert b"canary" not in orjson.dumps(changed(("email",), {"x": json.dumps({"t": token})}))


def test_an_error_lets_nothing_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the search itself fails, the event does not leave, and the error holds no value."""

    def fail(text: str) -> str:
        raise ValueError(text)

    monkeypatch.setattr("router.decide.detect.finder.readings", fail)
    with pytest.raises(PolicyError) as raised:
        changed(("email",), {"x": f"%20{MAYA}"})

    assert "canary" not in str(raised.value)
    assert raised.value.__context__ is None


def test_trusted_reads_what_texts_enclose() -> None:
    """Under `pii.trusted`, keys count in JSON within texts, in parameters and in forms too."""
    fields = {
        "json": json.dumps({"firstName": "Maya", "plan": "pro", "n": [{"zip": "10115"}]}),
        "url": "https://x.de/?first_name=Maya&plan=pro",
        "nested": "https://x.de/?u=https%3A%2F%2Fy.de%3Ffirst_name%3DMaya&plan=pro",
        "body": "last_name=Maya&plan=pro",
        "form": [{"label": "Full name", "value": "Maya"}, {"label": "Plan", "value": "pro"}],
        "blob": CLOSED["token"]("Maya"),
    }
    left = strip(policy(trusted=False), properties=fields)["properties"]

    assert b"Maya" not in orjson.dumps(left)
    assert "[redacted]" == left["blob"]
    assert "pro" == json.loads(left["json"])["plan"] == left["form"][1]["value"]
    assert all(left[key].endswith("&plan=pro") for key in ("url", "nested", "body"))
    again = policy(trusted=False).strip({"type": "track", "properties": left})
    assert left == again.payload["properties"]


@pytest.mark.parametrize(("label", "value"), [("mobile", "32123353"), ("cc", "6304239680069")])
def test_fields_of_forms_that_name_a_number(label: str, value: str) -> None:
    """A form's field whose label names a kind is searched as a value below such a key."""
    fields = [{"name": label, "value": value}, {"name": "shelf", "value": value}]

    left = strip(policy(trusted=False), properties={"fields": fields})["properties"]["fields"]

    assert left[0]["value"] != value
    assert left[1] == fields[1]


def test_builds_are_no_addresses() -> None:
    """Below a key of builds and versions, four numbers are a version."""
    fields = {"build": "134.12.129.136", "app_version": "10.0.19045.12", "host": "134.12.129.136"}

    left = strip(policy(trusted=False), properties=fields)["properties"]

    assert {"host": left["host"]} == {key: left[key] for key in fields if left[key] != fields[key]}


@pytest.mark.parametrize(
    "text",
    [
        "I entered 4921969176635716 12/27 and it still failed",
        "4138 2130 6523 1580 093 12/27 123",
        "You can find me under o'brien [at] example.org any time.",
    ],
)
def test_masked_texts_stay(text: str) -> None:
    """What a mask leaves of a card or an address is not found again."""
    mask = policy((("card", "email", "phone", "ssn"), "mask"))
    once = strip(mask, properties={"x": text})

    assert text != once["properties"]["x"]
    assert once == strip(mask, **once)
