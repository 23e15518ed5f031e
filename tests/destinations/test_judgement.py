"""The default judgement: what a status, a Retry-After or a broken connection means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations import Delivered, Held, Outcome, Rejected, Retry, Throttled, Unknown
from destinations.judgement import DEFAULT_WAIT, judge_error, judge_response
from destinations.waits import LONGEST_WAIT, asked_wait, retry_after

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


def asking(value: str, status: int = 429, *, date: str = "") -> httpx.Response:
    """Return an answer with a Retry-After."""
    return httpx.Response(status, headers={"retry-after": value, "date": date})


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_success_delivers(status: int) -> None:
    """Any 2xx is a delivery."""
    assert judge_response(httpx.Response(status)) == Delivered()


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 407, 410])
def test_what_the_operator_must_mend_holds(status: int) -> None:
    """A redirect, a refused credential and a place that is gone hold the destination."""
    assert judge_response(httpx.Response(status)) == Held(f"http_{status}", status)


@pytest.mark.parametrize("status", [408, 423, 425, 500, 502, 503, 504, 529, 599])
def test_what_may_pass_is_retried(status: int) -> None:
    """A failure of the vendor's own is retried."""
    assert judge_response(httpx.Response(status)) == Retry(f"http_{status}", status)


@pytest.mark.parametrize("status", [400, 402, 403, 404, 405, 409, 413, 422, 451, 501])
def test_what_will_stay_bad_is_rejected(status: int) -> None:
    """All else is the event's fault."""
    assert judge_response(httpx.Response(status)) == Rejected(f"http_{status}", status)


def test_429_throttles_even_without_retry_after() -> None:
    """A 429 that does not say for how long throttles for the default wait."""
    assert judge_response(httpx.Response(429)) == Throttled(DEFAULT_WAIT, "http_429")


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_throttles(status: int) -> None:
    """A 429 or 503 with Retry-After throttles for that long."""
    expected = Throttled(timedelta(seconds=30), f"http_{status}")
    assert judge_response(asking("30", status)) == expected


@pytest.mark.parametrize(("status", "kind"), [(400, Rejected), (401, Held), (500, Retry)])
def test_retry_after_changes_no_other_answer(status: int, kind: type[Outcome]) -> None:
    """Retry-After means nothing beside any other status."""
    assert isinstance(judge_response(asking("30", status)), kind)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("1", 1), (" 120 ", 120), ("007", 7), ("0.2", 1), ("1.5", 2), ("3.", 3)],
)
def test_seconds(text: str, seconds: int) -> None:
    """Retry-After in seconds is understood, fractions rounded up."""
    assert retry_after(asking(text)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "soon", "-1", "1e9", "5 minutes", "12:00", "Sat, 99 Foo 2026", "nan", "+5"]
)
def test_nonsense_says_nothing(text: str) -> None:
    """A Retry-After that nobody can read is as good as none."""
    assert retry_after(asking(text)) is None
    assert judge_response(asking(text)) == Throttled(DEFAULT_WAIT, "http_429")


def test_a_date_counts_from_the_vendors_own_clock() -> None:
    """A date counts from the answer's Date, though that clock be years off."""
    for years in (-10, 0, 10):
        then = NOON.replace(year=NOON.year + years)
        date = format_datetime(then, usegmt=True)
        until = format_datetime(then + timedelta(seconds=90), usegmt=True)
        assert retry_after(asking(until, date=date)) == timedelta(seconds=90)


def test_a_date_without_a_clock_counts_from_now() -> None:
    """Without a Date, a date counts from our own clock."""
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    for date in ("", "never"):
        wait = retry_after(asking(until, date=date))
        assert wait is not None
        assert timedelta(minutes=59) < wait <= timedelta(hours=1)


def test_a_date_in_the_past_waits_for_nothing() -> None:
    """A date that has passed is a wait of zero, never a negative one."""
    past = format_datetime(NOON - timedelta(days=1), usegmt=True)
    answer = asking(past, date=format_datetime(NOON, usegmt=True))
    assert retry_after(answer) == timedelta(0)


@pytest.mark.parametrize("text", ["999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_no_vendor_is_believed_for_ever(text: str) -> None:
    """The longest wait that is believed is a year and a day."""
    assert retry_after(asking(text)) == LONGEST_WAIT


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_header_is_borne(value: str, date: str) -> None:
    """Whatever stands in the headers, the wait is none, or between zero and the longest."""
    headers = [(b"retry-after", value.encode()), (b"date", date.encode())]
    wait = retry_after(httpx.Response(429, headers=headers))
    assert wait is None or timedelta(0) <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "1500"}, 1.5),
        ({"x-ms-retry-after-ms": "250"}, 0.25),
        ({"ratelimit-reset": "30"}, 30),
        ({"x-ratelimit-reset-after": "0.5"}, 1),
        ({"x-ratelimit-reset": str(int(NOON.timestamp()) + 90)}, 90),
        ({"x-rate-limit-reset": str(int(NOON.timestamp() + 90) * 1000)}, 90),
        ({"x-ratelimit-reset": "2026-08-01T12:01:30Z"}, 90),
        ({"x-ratelimit-reset": str(int(NOON.timestamp()) - 5)}, 0),
        ({"ratelimit": '"burst";r=0;t=7, "daily";r=10;t=40'}, 40),
        ({"retry-after": "2", "x-ratelimit-reset": "3600"}, 2),
        ({"x-ratelimit-reset": "soon"}, None),
        ({"ratelimit": '"default";r=50'}, None),
    ],
)
def test_vendors_reset_headers(headers: dict[str, str], seconds: float | None) -> None:
    """A 429 is waited out as the vendor's own header says, Retry-After before all others."""
    answer = httpx.Response(429, headers={"date": format_datetime(NOON, usegmt=True), **headers})
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert asked_wait(answer) == expected
    waited = DEFAULT_WAIT if expected is None else expected
    assert judge_response(answer) == Throttled(waited, "http_429")


def test_a_reset_header_on_an_outage_is_no_throttling() -> None:
    """A 503 is retried although it tells when the quota's window ends, as every answer may."""
    answer = httpx.Response(503, headers={"x-ratelimit-reset": "3600"})
    assert judge_response(answer) == Retry("http_503", 503)


RESETS = st.sampled_from(
    ["retry-after-ms", "ratelimit-reset", "x-ratelimit-reset", "x-ratelimit-reset-after",
     "x-rate-limit-reset", "ratelimit"]
)  # fmt: skip


@given(RESETS, st.text(max_size=30) | st.integers(0, 10**20).map(str))
def test_any_reset_header_is_borne(name: str, value: str) -> None:
    """Whatever a vendor's header says, the wait is none, or between zero and the longest."""
    wait = asked_wait(httpx.Response(429, headers=[(name.encode(), value.encode())]))
    assert wait is None or timedelta(0) <= wait <= LONGEST_WAIT


@given(st.integers(100, 999))
def test_every_status_has_a_meaning(status: int) -> None:
    """Any status at all is judged."""
    assert isinstance(judge_response(httpx.Response(status)), Outcome)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
)
def test_what_never_left_is_retried(error: type[httpx.TransportError]) -> None:
    """Without a connection nothing can have arrived."""
    assert isinstance(judge_error(error("")), Retry)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.CloseError,
        httpx.RemoteProtocolError,
    ],
)
def test_what_may_have_arrived_is_unknown(error: type[httpx.TransportError]) -> None:
    """A connection that broke later may have carried the event."""
    assert isinstance(judge_error(error("")), Unknown)


def test_a_wrong_scheme_holds() -> None:
    """A URL that is not http(s) is the settings' fault."""
    assert judge_error(httpx.UnsupportedProtocol("")) == Held("unsupported_protocol")


def test_the_reason_is_the_errors_name() -> None:
    """An error's message, which may hold a URL, is not told; its name is."""
    error = httpx.ReadTimeout("https://hooks.test/secret")
    assert judge_error(error) == Unknown("read_timeout")
