"""How people of many countries write numbers and addresses, and what only looks like that."""

from __future__ import annotations

import pytest

from router.decide.detect.finder import KINDS, compile_finder
from router.decide.detect.manner import Manner

find = compile_finder(frozenset(KINDS) - {"national_id"}).find
ALONE = [
    *("0170/1234567", "030-12345678", "01512 3456789", "06 12345678", "(021) 23454942"),
    *("070-123 97 07", "090-1234-4731", "03-1234-7914", "010-2000-4204", "02-212-9668"),
    *("0-532-123-45-67", "0 (532) 123 45 67", "081234 52768", "01812-348110", "612 34 81 13"),
    *("(11) 96123-4684", "(11) 2345-1412", "131 2345 8966", "8 (912) 345-85-83", "(601) 2349007"),
    *("01511234567", "07911123456", "+6837840"),
]
NO_PHONES = [
    *("045-12-3456x", "04-1234567", "0250-7505-2", "01-02-2026 10", "0-306-40615-2", "0306406152"),
    *("001234567890", "005-0099347-9231140", "008597041.1598173672", "028544-147"),
    *("131 2345 896", "8 912 items", "1.2.3.4.5", "512 345 678", "0711-0130-7", "2026-11-0123"),
]
CUED = """contact[phones][]=N|contact[phone][0]=N|contact%5Bphone%5D%5B0%5D=N|{"phones": ["N"]}
    |{"contact": {"phone": {"number": "N"}}}|{"phone": {"value": "N"}}|?contactPhone=N&x=1
    |teléfono: N|móvil N|Téléphone : N|celular: N|cellulare N|puhelin: N|telefonszám: N|тел. N
    |телефон: N|電話: N|电话: N|手机号 N|携帯 N|전화: N|τηλέφωνο: N|mobiel: N|telefonnummer: N
    |Mobilnummer N|Rückruf unter N|callto:N|Ph: N|nr telefonu N|telefon numaras\u0131 N|nomor hp N
    |https://wa.me/N"""


@pytest.mark.parametrize("text", ALONE)
def test_national_numbers_alone(text: str) -> None:
    """A whole text in the groups of a country's numbers is one, and is none within a path."""
    assert [("phone", text)] == [(span.kind, span.plain) for span in find(text)]
    if text[0] == "0" and " " not in text:
        assert [] == find(f"/files/{text}.html")


@pytest.mark.parametrize("text", NO_PHONES)
def test_groups_that_are_no_phones(text: str) -> None:
    """Dates, books, tax numbers, versions and counts in groups are no phone numbers."""
    assert "phone" not in {span.kind for span in find(text)}


def test_orders_in_groups() -> None:
    """Below a key of orders and articles, groups of digits are theirs."""
    finder = compile_finder(frozenset({"phone"}), Manner(other=True))

    assert [] == finder.find("0250-750-5200")


@pytest.mark.parametrize("words", [each.strip() for each in CUED.split("|")])
def test_words_that_tell_phones(words: str) -> None:
    """Words of many languages and keys within texts tell a number that has no form of its own."""
    found = find(words.replace("N", "5551234567"))

    assert [("phone", "5551234567")] == [(span.kind, span.plain) for span in found]


@pytest.mark.parametrize(
    "text",
    [
        *("Seriennummer 1234567890 defekt bitte tauschen", "Case 0012345678 is closed since May"),
        *(
            "meine Kundennummer ist 1234567890 danke sehr",
            "shipped with DHL 890940431847 on Monday",
        ),
        *(
            "Vertragsnummer 123456789012 bitte kündigen zum Ende",
            "customer number 1234567890 is me",
        ),
        *("numéro de commande 1234567890 pas reçu encore", "numero de pedido 1234567890 no llegó"),
        *("PIN 1234567 does not work anymore", "Windows 10.0.19045.3693 crashes all the time"),
    ],
)
def test_words_that_tell_others(text: str) -> None:
    """In a sentence a number that is announced as something else stays."""
    assert [] == find(text)


@pytest.mark.parametrize("sentence", ["请拨打 138 0013 8000 谢谢", "010-1234-5678로 전화 주세요"])
def test_scripts_without_spaces(sentence: str) -> None:
    """Letters that other scripts write right behind a number make no word with it."""
    finder = compile_finder(frozenset({"phone"}), Manner(prose=True))

    assert ["phone"] == [span.kind for span in finder.find(sentence)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "card") for text in (
            "4111  1111  1111  1111", "4111 - 1111 - 1111 - 1111", "3782  822463  10005",
            "9792030394440796", "5067152749548697", "6069292816965147",
            '{"card": {"number": "4453157997260"}}', "cards[0][number]=4453157997260",
            "4111,1111,1111,1111", "4111 / 1111 / 1111 / 1111", "4111_1111_1111_1111",
            "4111\t1111\t1111\t1111", "3782,822463,10005", "6363686361812849", "5090421093027389",
            "6062822310674758", "6078756350860327")),
        *((text, "iban") for text in (
            "IBANDE89370400440532013000", "ibande89370400440532013000",
            "IBANGB29NWBK60161331926819", "DE89.3704.0044.0532.0130.00",
            "DE89\t3704\t0044\t0532\t0130\t00", "DE89  3704  0044  0532  0130  00")),
        *((text, "email") for text in (
            "maya@[192.0.2.1]", "maya@203.0.113.77", "https://203.0.113.77@maya.example.com/",
            "maya at gmail.com", "m.reyes at example.org", "maya@ example.com",
            "maya @ example.com", "maya {at} example {dot} com",
            "maya <at> example <dot> com", "my e-mail is maya at example.com")),
        *((text, "crypto") for text in (
            "LSxtvBxm6Ptsbe87LNhsCq3sXpd7NMdamD", "D8XfxwvN2CKBPAMRN8ok58n3JTXzgm6bVX")),
        *((text, "ip") for text in (
            "a::b", "fe80::1%eth0", "https://192.0.2.1/section/", "intersection 203.0.113.77")),
    ],
)  # fmt: skip
def test_other_writings(text: str, kind: str) -> None:
    """Cards with wide gaps, IBANs behind their name, people at a machine's address."""
    assert [kind] == [span.kind for span in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        *("Section 1.2.3.4", "see section 2.1.3.4 of the manual", "chapter 3.1.2.4", "§ 1.2.3.4"),
        *("Table 4.3.2.1", "firmware 1.0.0.12", "iOS 17.5.1.2", "Abschnitt 2.3.4.5"),
        *("4111,1111,1111,1112", "1111,2222,3333,4444", "2023/2024/2025/2026"),
        *("1920_1080_1280_0720", "look at booking.com", "We shop at amazon.com"),
        *("my account at gmail.com", "Team @ acme.io"),
        *("4111  1111  1111  1112", "XIBANDE8937040044053201300", "lib@4.4.43", "lib@1.2.3.4.5"),
    ],
)  # fmt: skip
def test_look_alikes(text: str) -> None:
    """Places in documents, versions and what fails its check are nobody's."""
    assert [] == find(text)


@pytest.mark.parametrize("extension", [" Ext. 5", ";ext=77", " extension 12", " x12", " poste 12"])
def test_extensions(extension: str) -> None:
    """A number's extension goes with it."""
    assert [f"+4915112345678{extension}"] == [
        span.plain for span in find(f"+4915112345678{extension}")
    ]


@pytest.mark.parametrize("around", ["{} 12/27", "{} 123", "I paid with {} 12/27 on Monday evening"])
def test_what_stands_behind_a_card(around: str) -> None:
    """A card's expiry and check value, right behind it, do not hide it."""
    assert "card" in {span.kind for span in find(around.format("4921969176635716"))}


@pytest.mark.parametrize(
    "text",
    ["I saw tweet 1439957271241030740 about it today", "it was promised for 20271222044300 by you"],
)
def test_ids_of_messages_in_prose(text: str) -> None:
    """In a sentence a row of digits that no card has the length or start of is none."""
    assert [] == find(text)


def test_phones_that_begin_as_a_date() -> None:
    """Below a key of phones, or behind their name, digits in a row are one (`20 10 0123 0012`)."""
    named = compile_finder(frozenset({"phone"}), Manner(named=frozenset({"phone"})))

    assert ["phone"] == [span.kind for span in named.find("201001230012")]
    assert ["phone"] == [span.kind for span in find("?tel=201001230012")]
    assert [] == named.find("2010-01-23")
