"""The query language of dead letters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.dead.moments import past
from router.dead.query import QueryError, parse_query
from router.dead.record import Record

NOW = 1_800_000_000_000
HOUR = 3_600_000
LETTER = Record(
    id="hook/3/1799990000000-0",
    destination="hook",
    reason="exhausted.http_503",
    dead_at=NOW - HOUR,
    status=503,
    attempts=12,
    replays=1,
    type="track",
    source="shop",
    message_id="m-17",
    body=b'{"event":"Order Completed","properties":{"city":"K\xc3\xb6ln"}}',
)


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("", True),
        ("dest:hook", True),
        ("dest:crm,hook", True),
        ("dest:crm", False),
        ("DEST:Hook", True),
        ("dest:ho*", True),
        ('dest:"ho*"', False),
        ("reason:exhausted.http_503", True),
        ("reason:exhausted", True),
        ("reason:http_503", True),
        ("reason:http_4*,http_5*", True),
        ("reason:http_400", False),
        ("status:5xx", True),
        ("status:4xx,503", True),
        ("status:>=500", True),
        ("status:<500", False),
        ("type:track", True),
        ('event:"Order Completed"', True),
        ('event:"order completed"', True),
        ("event:Order*", True),
        ("event:Order", False),
        ("message:m-17", True),
        ("source:shop", True),
        ("id:hook/3/1799990000000-0", True),
        ("attempts:>3", True),
        ("attempts:12", True),
        ("attempts:<=11", False),
        ("replays:0", False),
        ("since:2h", True),
        ("since:30m", False),
        ("until:30m", True),
        ("until:2h", False),
        ("since:2020-01-01", True),
        ("until:2020-01-01T10:00Z", False),
        ("-dest:crm", True),
        ("-dest:hook", False),
        ("-status:4xx", True),
        ("completed", True),
        ('"Order Completed"', True),
        ("Köln", True),
        ("-köln", False),
        ("nowhere", False),
        ("dest:hook status:5xx -type:page köln", True),
        ("dest:hook status:4xx", False),
        ("  dest:hook  ", True),
    ],
)
def test_matches(query: str, *, matches: bool) -> None:
    """Terms must all match, commas separate alternatives, a dash negates, case does not count."""
    assert matches is parse_query(query, NOW).matches(LETTER)


@pytest.mark.parametrize(
    ("query", "column", "says"),
    [
        ("dst:hook", 1, "there is no field dst: did you mean dest?"),
        ("dest:hook colour:red", 11, "there is no field colour"),
        ("dest:", 6, "a value is missing here"),
        ("dest:a,", 8, "a value is missing here"),
        ('event:"Order', 7, "this quote never ends"),
        ("attempts:many", 10, "this is no number"),
        ("status:5xx,abc", 12, "this is no number"),
        ("since:yesterday", 7, "this is no time"),
        ("since:1h,2h", 10, "one moment is enough"),
        ('dest:"a"b', 9, "a space or a comma is missing here"),
        ("-colour:red", 2, "there is no field colour"),
    ],
)
def test_mistakes_have_a_column(query: str, column: int, says: str) -> None:
    """What cannot be read is told with the column where it stands."""
    with pytest.raises(QueryError) as caught:
        parse_query(query, NOW)

    assert column == caught.value.column
    assert says in caught.value.message


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_a_mistake(text: str) -> None:
    """No text makes the language fail in another way, and columns lie within the text."""
    column = 1
    try:
        parse_query(text, NOW).matches(LETTER)
    except QueryError as error:
        column = error.column

    assert 1 <= column <= len(text) + 1


def test_destinations_narrow_what_is_read() -> None:
    """A query knows which destinations it cannot match, so that their letters stay unread."""
    query = parse_query("dest:hook,crm -dest:crm", NOW)

    reached = [name for name in ("hook", "crm", "ads") if query.reaches(name)]
    assert ["hook"] == reached


def test_letter_without_status_has_no_number() -> None:
    """A comparison does not match what is not there."""
    assert not parse_query("status:<999", NOW).matches(replace(LETTER, status=None))


def test_quotes_may_be_escaped() -> None:
    """A backslash takes a quote into a quoted value."""
    named = replace(LETTER, body=b'{"event":"Say \\"hi\\""}')

    assert parse_query(r'event:"Say \"hi\""', NOW).matches(named)


def test_page_and_screen_have_their_name() -> None:
    """`event:` finds a page or a screen by its name."""
    page = replace(LETTER, body=b'{"name":"Pricing"}')

    assert parse_query("event:pricing", NOW).matches(page)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", NOW - 90_000), ("2d", NOW - 48 * HOUR), ("1w", NOW - 168 * HOUR),
     ("1970-01-01T00:00:01Z", 1000), ("1970-01-01T01:00:01+01:00", 1000),
     ("2h30", None), ("tomorrow", None), ("", None), ("-1h", None)],
)  # fmt: skip
def test_moments(text: str, expected: int | None) -> None:
    """A moment is an age or RFC 3339; anything else is none."""
    assert expected == past(text, NOW)
