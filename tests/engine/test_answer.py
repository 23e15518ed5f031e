"""Answers as they arrive: whole, in pieces, too long, or not what was asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.engine.out.answer import LARGEST_ANSWER, LARGEST_HEAD, Answer, Malformed

PLAIN = b"HTTP/1.1 200 OK\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\nhe\r\n3;why=not\r\nllo\r\n0\r\nX-Trailer: late\r\n\r\n"
)
EARLY = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"


def fed(*pieces: bytes, bodiless: bool = False) -> Answer:
    """Return an answer that was fed these pieces."""
    answer = Answer(bodiless=bodiless)
    for piece in pieces:
        answer.feed(piece)
    return answer


@given(st.sampled_from([PLAIN, CHUNKED, EARLY + PLAIN, EARLY + CHUNKED]), st.data())
def test_an_answer_may_come_in_any_pieces(whole: bytes, data: st.DataObject) -> None:
    """However the network cuts an answer, it says the same, and is complete at its last byte."""
    cuts = sorted(data.draw(st.sets(st.integers(1, len(whole) - 1), max_size=8)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    answer = Answer()
    for piece in pieces:
        assert not answer.complete
        answer.feed(piece)

    assert (True, True, 200, b"hello") == (
        answer.complete, answer.reusable, answer.status, answer.content)  # fmt: skip


def test_headers_come_as_they_are() -> None:
    """All headers are kept in order, those of informational answers and trailers are not."""
    assert [(b"X-One", b"1"), (b"x-one", b"2"), (b"Content-Length", b"5")] == fed(
        EARLY + PLAIN
    ).headers
    assert [(b"Transfer-Encoding", b"chunked")] == fed(CHUNKED).headers


@pytest.mark.parametrize("status", [204, 304])
def test_some_answers_have_no_body(status: int) -> None:
    """No body follows 204 and 304, whatever length they tell."""
    answer = fed(b"HTTP/1.1 %d Nothing\r\nContent-Length: 5\r\n\r\n" % status)

    assert (True, status, b"") == (answer.complete, answer.status, answer.content)


def test_no_body_follows_a_head() -> None:
    """The answer to HEAD tells a length and sends nothing; its connection is not used again."""
    answer = fed(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", bodiless=True)

    assert (True, False) == (answer.complete, answer.reusable)


def test_an_answer_may_end_with_its_connection() -> None:
    """Without a length, the end of the connection is the end of the answer."""
    answer = fed(b"HTTP/1.0 200 OK\r\n\r\nhel", b"lo")
    assert not answer.complete
    answer.end()

    assert (True, False, b"hello") == (answer.complete, answer.reusable, answer.content)


@pytest.mark.parametrize("told", [PLAIN[:-1], CHUNKED[:-1], PLAIN[:30], b"", EARLY])
def test_half_an_answer_is_none(told: bytes) -> None:
    """An answer of which a byte is missing is malformed, and so is none at all."""
    with pytest.raises(Malformed):
        fed(told).end()


def test_a_connection_that_is_to_be_closed_is_not_used_again() -> None:
    """`Connection: close` and HTTP/1.0 mean it."""
    closing = PLAIN.replace(b"X-One", b"Connection: close\r\nX-One", 1)

    assert not fed(closing).reusable
    assert not fed(PLAIN.replace(b"1.1", b"1.0")).reusable


@pytest.mark.parametrize("more", [PLAIN, b"H", b"nonsense"])
def test_an_answer_that_nobody_asked_for_is_nobodys(more: bytes) -> None:
    """What follows an answer is not taken for the next one: the connection is given up."""
    together, after = fed(PLAIN + more), fed(PLAIN, more)

    for answer in (together, after):
        assert (True, False, 200, b"hello") == (
            answer.complete, answer.reusable, answer.status, answer.content)  # fmt: skip


@pytest.mark.parametrize(
    "nonsense",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-\x00: 1\r\n\r\n",
    ],
)
def test_nonsense_is_malformed(nonsense: bytes) -> None:
    """What is no HTTP, or contradicts itself, is no answer."""
    with pytest.raises(Malformed):
        fed(nonsense)


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(noise: bytes) -> None:
    """Whatever comes, it is an answer, or half of one, or malformed."""
    for begun in (b"", b"HTTP/1.1 ", PLAIN[:-5], CHUNKED[:52]):
        try:
            fed(begun, noise).end()
        except Malformed:
            continue


@pytest.mark.parametrize(
    "flood",
    [b"a" * 10_000, b"x: " + b"y" * 10_000, b"HTTP/1.1 100 Continue\r\n\r\n" * 400],
    ids=["name", "value", "informational"],
)
def test_a_head_has_an_end(flood: bytes) -> None:
    """A head that goes on and on is given up, and so are endless informational answers."""
    begun = b"" if flood.startswith(b"HTTP") else b"HTTP/1.1 200 OK\r\n"
    pieces = [flood] * (2 * LARGEST_HEAD // len(flood))
    with pytest.raises(Malformed):
        fed(begun, *pieces)


def test_a_body_is_cut() -> None:
    """Of an endless body the first part is taken, and the answer is complete with it."""
    answer = fed(b"HTTP/1.1 200 OK\r\n\r\n")
    while not answer.complete:
        answer.feed(b"x" * 60_000)

    assert LARGEST_ANSWER == len(answer.content)
    assert not answer.reusable


@pytest.mark.parametrize(
    "flood", [b"1;" + b"e" * 60_000 + b"\r\nx\r\n", b"0\r\nT: " + b"t" * 60_000]
)
def test_what_is_around_a_body_is_cut(flood: bytes) -> None:
    """Endless extensions of chunks, and endless trailers, end as an endless body does."""
    answer = fed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", flood)
    for _ in range(2 * (LARGEST_ANSWER + LARGEST_HEAD) // len(flood)):
        answer.feed(b"t" * 60_000 if flood.startswith(b"0") else flood)

    assert answer.complete
    assert not answer.reusable
