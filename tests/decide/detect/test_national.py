"""Identity numbers of many countries: by their groups and check digits, or by what names them."""

from __future__ import annotations

import pytest

from router.decide.detect.finder import compile_finder
from router.decide.detect.manner import Manner
from router.decide.detect.numbers import kind_of_number

ONLY = frozenset({"national_id"})
find = compile_finder(ONLY).find
NAMED = Manner(named=ONLY)
GROUPED = {
    "Belgium": "59.09.18-835.24", "Switzerland": "756.0625.6413.76", "Chile": "41.969.971-3",
    "Argentina": "20-55279286-7", "Mexico": "HEGG560427MVZRRL04", "Czechia": "860814/9363",
    "Malaysia": "730208-01-7597", "Thailand": "4-4044-34374-76-1", "Germany": "18 425 679 047",
    "South Africa": "740919 6812 08 1", "Brazil": "529.982.247-25", "Finland": "131052-308T",
}  # fmt: skip
ROWS = {
    "Romania": "CNP 1960627016641", "Bulgaria": "EGN: 6606230868", "Croatia": "OIB 44681012611",
    "Denmark": "cpr 140292-8595", "Netherlands": "bsn=111222333", "Ireland": "PPS no 7927498RW",
    "Japan": "my number 3740 4681 3275", "Indonesia": "NIK 3171011412614776",
    "Norway": "fødselsnummer: 03075345584", "Serbia": "JMBG 0101006500006",
    "passports": "passport no. X1234567", "licences": "driver license D1234567",
}  # fmt: skip


@pytest.mark.parametrize("country", GROUPED)
def test_by_groups_and_check_digits(country: str) -> None:
    """A number in the groups of its country is one where its check digits are right."""
    number = GROUPED[country]
    last = next(at for at in reversed(range(len(number))) if number[at].isdigit())
    wrong = number[:last] + str((int(number[last]) + 1) % 10) + number[last + 1 :]

    assert ["national_id"] == [span.kind for span in find(f"it is {number}, isn't it")]
    if country != "Malaysia":
        assert [] == find(wrong)


@pytest.mark.parametrize("country", ROWS)
def test_by_name(country: str) -> None:
    """Behind the name of a number, and below a key that names one, it needs no known groups."""
    name, _, number = ROWS[country].replace("=", " ").partition(" ")
    number = number.rpartition(" ")[2] if number.count(" ") == 1 else number

    assert ["national_id"] == [span.kind for span in find(ROWS[country])]
    assert ["national_id"] == [span.kind for span in compile_finder(ONLY, NAMED).find(number)]
    assert [] == find(ROWS[country].replace(name, "order", 1)) or country == "passports"


@pytest.mark.parametrize(
    "sentence",
    ["my tax id is 2645354405", "identity number is 015-61-5256", "Steuer-ID: 539-90-9884"],
)
def test_by_words_of_two(sentence: str) -> None:
    """What a sentence calls a tax or identity number is one, in whatever groups."""
    assert ["national_id"] == [span.kind for span in find(sentence)]


def test_numbers_by_key() -> None:
    """A number below such a key is one, a short or a broken one is none."""
    assert ["national_id", None, None] == [
        kind_of_number(number, ONLY, NAMED) for number in (1960627016641, 123456, 19606270.5)
    ]


@pytest.mark.parametrize("text", ["tax 123456.78", "2026/1234", "20-1-2026"])
def test_look_alikes(text: str) -> None:
    """Amounts, days and short numbers are nobody's."""
    assert [] == find(text)
