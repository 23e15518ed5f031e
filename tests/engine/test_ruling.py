"""The operator's table of outcomes: the first rule that fits an answer decides, before all else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from destinations import Delivered, Held, Rejected, Retry, Split, Throttled
from destinations.exchange import RULED
from destinations.judgement import DEFAULT_WAIT
from router.config.sections.outcomes import OutcomeRule
from router.engine.judge.ruling import LARGEST_BODY, RulingTransport, compile_rulings

if TYPE_CHECKING:
    from destinations import Outcome

OK_FALSE = {"body": {"ok": False}, "then": "retry", "reason": "not_ok"}


def said(answer: httpx.Response, *rules: dict[str, Any]) -> Outcome | Split | None:
    """Return what rules say of an answer."""
    return compile_rulings([OutcomeRule.model_validate(rule) for rule in rules])(answer)


def json(value: Any, status: int = 200, **headers: str) -> httpx.Response:
    """Return an answer with a JSON body."""
    return httpx.Response(status, json=value, headers=headers)


@pytest.mark.parametrize(
    ("rule", "answer", "expected"),
    [
        ({"status": 409, "then": "delivered"}, httpx.Response(409), Delivered()),
        ({"status": 409, "then": "delivered"}, httpx.Response(410), None),
        ({"status": "4xx", "then": "held"}, httpx.Response(418), Held("http_418", 418)),
        ({"status": "500-502", "then": "held"}, httpx.Response(503), None),
        ({"status": [404, "5xx"], "then": "retry"}, httpx.Response(404), Retry("http_404", 404)),
        (OK_FALSE, json({"ok": False}), Retry("not_ok", 200)),
        (OK_FALSE, json({"ok": 0}), None),
        (OK_FALSE, json({"ok": "false"}), None),
        (OK_FALSE, json({}), None),
        (OK_FALSE, json([]), None),
        (OK_FALSE, httpx.Response(200, text="<html>"), None),
        ({"body": {"error.code": ["dup*", 17]}, "then": "delivered"},
         json({"error": {"code": "duplicate"}}, 400), Delivered()),
        ({"body": {"error.code": ["dup*", 17]}, "then": "delivered"},
         json({"error": {"code": 17}}, 400), Delivered()),
        ({"body": {"errors[*].code": "full"}, "then": "retry"},
         json({"errors": [{"code": "odd"}, {"code": "full"}]}, 400), Retry("http_400", 400)),
        ({"body": {"errors[1].code": "odd"}, "then": "retry"},
         json({"errors": [{"code": "odd"}, {"code": "full"}]}, 400), None),
        ({"body": {"**.code": "full"}, "then": "split"},
         json({"a": [{"b": {"code": "full"}}]}, 400), Split(Rejected("http_400", 400))),
        ({"body": {"a": "x", "b": "y"}, "then": "retry"}, json({"a": "x"}), None),
        ({"body": {"gone": None}, "then": "held"}, json({"gone": None}), Held("http_200", 200)),
        ({"text": "Quota EXCEEDED", "then": "throttled", "wait": "1m"},
         httpx.Response(403, text="your quota exceeded today"),
         Throttled(timedelta(minutes=1), "http_403")),
        ({"header": {"X-Error": "quota*"}, "then": "throttled"},
         httpx.Response(400, headers={"x-error": "quota_daily", "retry-after": "9"}),
         Throttled(timedelta(seconds=9), "http_400")),
        ({"header": {"X-Error": "quota*"}, "then": "throttled"},
         httpx.Response(400, headers={"x-error": "quota"}), Throttled(DEFAULT_WAIT, "http_400")),
        ({"header": {"X-Error": "quota*"}, "then": "throttled"}, httpx.Response(400), None),
        ({"status": 404, "then": "rejected"}, httpx.Response(404), Rejected("http_404")),
    ],
)  # fmt: skip
def test_what_a_rule_says(
    rule: dict[str, Any], answer: httpx.Response, expected: Outcome | Split | None
) -> None:
    """An answer that fits all that a rule names has its outcome; any other has none."""
    assert said(answer, rule) == expected


def test_the_first_rule_that_fits_decides() -> None:
    """Rules are read from above."""
    rules = ({"status": 400, "body": {"why": "busy"}, "then": "retry"},
             {"status": 400, "then": "rejected"}, {"status": "4xx", "then": "held"})  # fmt: skip
    assert isinstance(said(json({"why": "busy"}, 400), *rules), Retry)
    assert isinstance(said(json({}, 400), *rules), Rejected)
    assert isinstance(said(json({}, 401), *rules), Held)


def test_a_huge_answer_is_not_looked_into() -> None:
    """A rule about a body fits no answer beyond what anybody says in an error."""
    huge = httpx.Response(200, text="no" * LARGEST_BODY)
    assert said(huge, {"text": "no", "then": "retry"}) is None


async def test_the_verdict_travels_with_the_answer() -> None:
    """The transport marks the answers that a rule fits, and no other."""
    inner = httpx.MockTransport(lambda request: httpx.Response(int(request.url.path[1:])))
    rule = OutcomeRule.model_validate({"status": 409, "then": "delivered"})
    way_out = RulingTransport(inner, compile_rulings([rule]))

    ruled, other = [
        await way_out.handle_async_request(httpx.Request("POST", f"https://vendor.test/{status}"))
        for status in (409, 500)
    ]

    assert ruled.extensions[RULED] == Delivered()
    assert RULED not in other.extensions


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.integers(100, 599), JSON | st.binary(max_size=30))
def test_any_answer_is_borne(status: int, body: Any) -> None:
    """Whatever a vendor says, rules judge it or leave it; none of them fails."""
    answer = (
        httpx.Response(status, content=body)
        if isinstance(body, bytes)
        else httpx.Response(status, json=body)
    )
    rules = [
        {"body": {path: ["*", 1, None]}, "then": "retry"}
        for path in ("a.b", "[0]", "a[*].b", "**.c", "*[1]")
        if not path.startswith("[")
    ]
    said(answer, *rules, {"text": "a", "then": "held"}, {"header": {"a": "*x"}, "then": "split"})


def test_an_answer_too_deep_to_look_into_fits_nothing() -> None:
    """What a vendor nests as deeply as JSON goes is left to the adapter, and fails nothing."""
    deep = httpx.Response(200, content=b'{"a":' * 1020 + b"1" + b"}" * 1020)

    assert said(deep, {"body": {"**.code": "x"}, "then": "held"}) is None
