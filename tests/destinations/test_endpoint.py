"""An endpoint: requests made cheaply, and nothing in them that could not be sent."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from destinations import Endpoint


def test_a_request_is_what_httpx_would_make() -> None:
    """A request has the method, URL, headers and body that httpx itself would give it."""
    made = Endpoint("https://a.test:8443/x?y=ü", {"X-A": "1"}).post(b"{}", [(b"x-b", b"2")])

    usual = httpx.Request("POST", "https://a.test:8443/x?y=ü", content=b"{}", headers={
        "User-Agent": "destination-router", "Content-Type": "application/json", "X-A": "1",
        "X-B": "2",
    })  # fmt: skip

    assert (made.method, made.url, made.content) == (usual.method, usual.url, usual.content)
    assert sorted(made.headers.multi_items()) == sorted(usual.headers.multi_items())


def test_json_is_encoded() -> None:
    """A value becomes JSON in UTF-8."""
    made = Endpoint("https://a.test/").json({"a": ["ü", None]})
    assert made.content == '{"a":["ü",null]}'.encode()
    assert made.headers["content-length"] == "17"


def test_headers_may_replace_the_usual_ones() -> None:
    """A header given in any spelling replaces the usual one of its name."""
    made = Endpoint("https://a.test/", {"CONTENT-TYPE": "text/plain"}).post(b"")
    assert made.headers.get_list("content-type") == ["text/plain"]


def test_the_method_may_be_another() -> None:
    """An endpoint that is not posted to says so."""
    assert Endpoint("https://a.test/", method="PUT").post(b"").method == "PUT"


def test_an_endpoint_leads_to_what_is_below() -> None:
    """A path, a query and a method may be added; the headers are the same."""
    base = Endpoint("https://a.test/v1/?k=1", {"x-a": "1"})
    below = base.at("users", "7", query={"by": "id"}, method="PUT").json({})
    assert (below.method, str(below.url)) == ("PUT", "https://a.test/v1/users/7?k=1&by=id")
    assert below.headers["x-a"] == "1"
    assert (base.method, str(base.url)) == ("POST", "https://a.test/v1/?k=1")
    assert str(base.at().url) == str(base.url)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_no_value_leads_elsewhere(text: str) -> None:
    """Whatever a part of a path or a query is, it stays one part, or is refused."""
    base = Endpoint("https://a.test/v1")
    asked = base.at(query={"q": text}).get()
    assert (asked.method, asked.url.path, asked.url.params["q"]) == ("GET", "/v1", text)
    if not text.strip("."):
        with pytest.raises(ValueError, match="part"):
            base.at(text)
        return
    url = base.at(text).url
    assert (url.host, url.query, url.fragment) == ("a.test", b"", "")
    assert url.raw_path.count(b"/") == 2
    assert url.path == f"/v1/{text}"


@pytest.mark.parametrize(
    "url", ["", "a.test/x", "/x", "ftp://a.test/", "https://", "https:///x", "https://a.test:x/",
            "https://u:p@a.test/", "https://u@a.test/", "http://a\n.test/"],
)  # fmt: skip
def test_a_wrong_url_is_refused_without_being_told(url: str) -> None:
    """What is not an absolute http(s) URL, or holds a password, is refused and not repeated."""
    with pytest.raises(ValueError, match="URL") as refusal:
        Endpoint(SecretStr(url))
    assert "a.test" not in str(refusal.value)


@pytest.mark.parametrize(
    "host",
    ["a..test", ".a.test", "a.test..", f"{'a' * 64}.test", ".".join(["a" * 60] * 5), "a b.test",
     "a*.test", "10.0.0.300", "1.2.3.4.5", "1.2.3.4.", "xn--zzzzzz.test", "\N{SNOWMAN}.test"],
)  # fmt: skip
def test_a_host_that_no_lookup_finds_is_refused(host: str) -> None:
    """A host that can never resolve is found when it is set, and not repeated."""
    with pytest.raises(ValueError, match="host") as refusal:
        Endpoint(SecretStr(f"https://{host}/"))
    assert host not in str(refusal.value)


@pytest.mark.parametrize(
    "host",
    ["a_b.test", "a.test.", "localhost", "-a.test", f"{'a' * 63}.test", "b\u00fccher.test",
     "xn--bcher-kva.test", "127.1", "2130706433", "[::1]", "4chan.test", "1.test"],
)  # fmt: skip
def test_a_host_that_may_resolve_is_taken(host: str) -> None:
    """Whatever a lookup might find is left to it: odd names and numbers in any spelling."""
    assert Endpoint(f"https://{host}/").url.raw_host


@pytest.mark.parametrize(
    ("name", "value"),
    [("", "x"), ("a b", "x"), ("a:", "x"), ("ü", "x"), ("a", "x\r\nb: c"), ("a", "ü"), ("a", " x"),
     ("a", "\0")],
)  # fmt: skip
def test_a_header_that_cannot_be_sent_is_refused(name: str, value: str) -> None:
    """A header that could not be sent, or would be two, is refused when it is set."""
    with pytest.raises(ValueError, match="header"):
        Endpoint("https://a.test/", {name: value})


@given(st.binary(max_size=300))
def test_any_body_is_carried_whole(body: bytes) -> None:
    """The body is sent as it is, with its length."""
    made = Endpoint("https://a.test/").post(body)
    assert made.read() == body
    assert made.headers["content-length"] == str(len(body))


def test_repr_shows_the_host_alone() -> None:
    """A path may be a password and stays out of the repr, as headers do."""
    text = repr(Endpoint("https://a.test/secret?key=1", {"authorization": "hidden"}))
    assert text == "<Endpoint POST a.test>"
