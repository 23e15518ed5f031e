"""`router requests`: what a vendor would be sent, without store, network or secrets."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from destinations import Adapter, Ask, Call, Delivered, Endpoint, Field, Known, Rejected, Settings
from router.cli.preview.previewing import Previewing
from router.cli.preview.stand_in import Answer, AnswerType
from router.config.reading.load import parse
from tests.cli.conftest import Shop, an_event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from click.testing import Result

    from destinations import Delivery, Requests


def shown(shop: Shop, *raws: bytes, to: str = "hook", how: Sequence[str] = ()) -> Result:
    """Return the result of showing the requests of these lines."""
    result = shop("requests", "--destination", to, *how, "-", stdin=b"\n".join(raws))
    assert 0 == result.exit_code, result.stderr
    return result


def lines(result: Result) -> list[dict[str, Any]]:
    """Return what was printed, decoded."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_shape_of_a_line(tmp_path: Path) -> None:
    """A line has method, url, headers, the decoded body and the message ids, and no more."""
    [line] = lines(shown(Shop(tmp_path), an_event(1)))

    assert ["method", "url", "headers", "body", "message_ids"] == list(line)
    assert ("POST", ["m-1"]) == (line["method"], line["message_ids"])
    assert "person1@example.test" == line["body"]["properties"]["email"]


def test_programs_get_the_schema_version(tmp_path: Path) -> None:
    """With `--json` each line names the version of its shape."""
    [line] = lines(shown(Shop(tmp_path), an_event(1), how=["--json"]))

    assert ("schema_version", 1) == next(iter(line.items()))


def test_the_body_is_the_explained_payload(tmp_path: Path) -> None:
    """A webhook's body is what `router explain` says that it would be given."""
    shop, raw = Shop(tmp_path), an_event(1, receivedAt="2026-08-01T10:00:00Z", integrations={})
    explained = json.loads(shop("explain", "-", stdin=raw).stdout)

    [line] = lines(shown(shop, raw))

    assert explained["destinations"]["hook"]["payload"] == line["body"]


def test_secrets_are_masked_unless_revealed(tmp_path: Path) -> None:
    """A secret URL shows its host alone, and a secret nothing; `--reveal` shows both."""
    shop = Shop(tmp_path)
    shop.mend('secret: "hidden-secret"', 'headers: {Authorization: "Bearer hidden-secret"}')
    echoed = an_event(1, properties={"note": "at /hidden-path: hidden-secret!"})

    hidden = shown(shop, echoed)
    [line] = lines(hidden)

    assert "hidden" not in hidden.output
    assert "http://127.0.0.1:9/***" == line["url"]
    assert "Bearer ***" == line["headers"]["authorization"]
    [line] = lines(shown(shop, echoed, how=["--reveal"]))
    assert "http://127.0.0.1:9/hidden-path" == line["url"]
    assert "Bearer hidden-secret" == line["headers"]["authorization"]


def test_skipped_events_make_no_request_and_are_counted(tmp_path: Path) -> None:
    """What may not be sent is told by reason on standard error, and so is what cannot be read."""
    shop = Shop(tmp_path)
    shop.mend("our own log", "our log")
    refused = an_event(2, integrations={"Webhook": False})

    result = shown(shop, an_event(1), refused, b"{broken", b"", b"[]")

    assert [["m-1"]] == [line["message_ids"] for line in lines(result)]
    assert "hook: 2 events, 1 delivery, 1 request" in result.stderr
    assert "skipped 1: integrations.off (The event's own map says false" in result.stderr
    assert "unreadable 1: invalid_json (It is not JSON)" in result.stderr  # blank is nothing
    assert "unreadable 1: not_an_object" in result.stderr


def test_batches_are_cut_at_both_limits(tmp_path: Path) -> None:
    """A request carries what the adapter and the operator allow, in the order of the file."""
    shop = Shop(tmp_path)
    shop.mend('secret: "hidden-secret"}', "format: array}\n    delivery: {batch: {events: 2}}")

    result = lines(shown(shop, *map(an_event, range(5))))

    assert [["m-0", "m-1"], ["m-2", "m-3"], ["m-4"]] == [line["message_ids"] for line in result]


def test_a_destination_without_http_is_shown_what_it_is_given(tmp_path: Path) -> None:
    """Such a line has no method and no URL, and standard error says why."""
    result = shown(Shop(tmp_path), an_event(1), to="ads")

    [line] = lines(result)
    assert (None, None, {}, ["m-1"]) == (
        line["method"], line["url"], line["headers"], line["message_ids"],
    )  # fmt: skip
    assert "Order Completed" == line["body"]["event"]
    assert "this adapter makes no requests" in result.stderr


def test_human_form_looks_like_http(tmp_path: Path) -> None:
    """`--human` shows method, masked URL, headers, body and who is carried; nothing obeys."""
    result = shown(Shop(tmp_path), an_event(1, event="\x1b[2J"), how=["--human"])

    assert "POST http://127.0.0.1:9/***\n  host: 127.0.0.1:9\n" in result.stdout
    assert '  "event": "\\u001b[2J"' in result.stdout
    assert "carries: m-1" in result.stdout


def test_an_unknown_destination_ends_with_6(tmp_path: Path) -> None:
    """A destination that is not configured is not found, and the nearest one is named."""
    result = Shop(tmp_path)("requests", "--destination", "hok", "-", stdin=b"")

    assert 6 == result.exit_code
    assert 'did you mean "hook"?' in result.stderr


class BookSettings(Settings):
    """Whose book."""

    key: SecretStr = Field(description="The key.")


class Book(Adapter[BookSettings]):
    """Asks whether a person is there, then changes or makes one."""

    Settings = BookSettings
    name = "Book"

    def requests(self, deliveries: Sequence[Delivery]) -> Requests:
        """Look up, then write; anonymous people are refused, groups need nothing."""
        end = Endpoint("https://book.test/people", {"x-basic": _basic(self.settings.key)})
        for delivery in deliveries:
            if delivery.type == "group":
                yield Known(delivery, Delivered())
            elif delivery.type == "page":
                raise RuntimeError("an author's mistake")
            elif not delivery.get("userId"):
                yield Known(delivery, Rejected("no_identity"))
            else:
                one = end.at(delivery.get("userId"))
                found = yield Ask(one.get(), [delivery], also=frozenset({404}))
                there = found is not None and found.status_code == 200
                yield Call((one.at(method="PUT") if there else end).json({}), [delivery])


def _basic(key: SecretStr) -> str:
    return "Basic " + b64encode(f"user:{key.get_secret_value()}".encode()).decode()


def preview(*raws: bytes, answers: Sequence[Answer] = ()) -> tuple[Previewing, list[Any]]:
    """Return what is seen of these lines on the way to the book, and its requests."""
    text = "destinations: {book: {type: book, settings: {key: k3y-of-the-book}}}\n"
    config = parse(text + "privacy_key: 0123456789abcdef", {}, adapters={"book": Book})
    seen = Previewing(config, "book", answers)
    return seen, list(seen.over(raws))


def test_what_is_looked_up_is_not_there() -> None:
    """Each step is shown; a question with the answer it was given, by default a 404."""
    _, [question, write] = preview(an_event(1))

    assert ("GET", "https://book.test/people/u-1") == (question["method"], question["url"])
    assert {"status": 404, "body": {}} == question["answered"]
    assert ("POST", "https://book.test/people") == (write["method"], write["url"])
    assert "answered" not in write


def test_questions_are_answered_as_told() -> None:
    """Answers are given in turn, the last one to all the others."""
    _, told = preview(*map(an_event, range(3)), answers=[Answer(404, b"{}"), Answer(200, b"[1]")])

    assert ["GET", "POST", "GET", "PUT", "GET", "PUT"] == [line["method"] for line in told]
    assert {"status": 200, "body": [1]} == told[-2]["answered"]


def test_a_secret_is_found_inside_base64() -> None:
    """A key that is joined to a user name and encoded is masked."""
    _, [question, _] = preview(an_event(1))

    assert "Basic ***" == question["headers"]["x-basic"]


def test_what_makes_no_request_is_told() -> None:
    """A delivery that the adapter refuses, needs nothing for or fails on is counted with why."""
    seen, told = preview(
        an_event(1, userId=None, anonymousId="a"), an_event(2, type="group"),
        an_event(3, type="page"),
    )  # fmt: skip

    assert [] == told
    assert {
        "rejected: no_identity": 1,
        "nothing of it is to be sent": 1,
        "rejected: adapter_error.runtimeerror": 1,
    } == dict(seen.unsent)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("404", Answer(404, b"{}")),
        ('{"id": 7}', Answer(200, b'{"id": 7}')),
        ("201 [1]", Answer(201, b"[1]")),
    ],
)
def test_answers_are_read(text: str, answer: Answer) -> None:
    """An answer is a status, JSON, or both."""
    assert answer == AnswerType().convert(text, None, None)


def test_an_answer_can_be_a_file(tmp_path: Path) -> None:
    """`@FILE` is the JSON in a file."""
    file = tmp_path / "answer.json"
    file.write_text('{"a": 1}')

    assert Answer(200, b'{"a": 1}') == AnswerType().convert(f"@{file}", None, None)


def test_an_answer_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    """What is neither a status nor JSON ends with 2."""
    result = Shop(tmp_path)("requests", "--destination", "hook", "--answer", "yes", "-", stdin=b"")

    assert 2 == result.exit_code
    assert "an answer is a status, JSON, or both" in result.stderr
