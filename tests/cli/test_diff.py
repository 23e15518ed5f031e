"""`router diff`: what another configuration would change; counts, examples and an exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from router.cli import main
from router.cli.preview.comparison import MOST_PATHS
from tests.cli.conftest import CONFIGURATION, an_event

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

DIFFERENT = 11
WISHES = {"search", "redact"}
LOOSE = CONFIGURATION.replace("consent: {require: [ads]}", 'consent: {not_required: "x"}')
HASHED = CONFIGURATION.replace(
    'consent: {not_required: "our own log"}',
    'consent: {not_required: "our own log"}\n'
    '    privacy: {rules: [{match: "properties.email", do: hash},'
    ' {match: "properties.total", do: drop}]}',
)


def compared(folder: Path, before: str, after: str, *raws: bytes, how: str = "") -> Result:
    """Run the command over these lines, its own files, and these options."""
    (folder / "a.yaml").write_text(before)
    (folder / "b.yaml").write_text(after)
    command = ["diff", str(folder / "a.yaml"), str(folder / "b.yaml"), "-", *how.split()]
    return CliRunner().invoke(main, command, input=b"\n".join(raws), catch_exceptions=False)


def found(folder: Path, before: str, after: str, *raws: bytes, how: str = "") -> dict[str, Any]:
    """Return what the command says to programs."""
    result = compared(folder, before, after, *raws, how=f"--json {how}")
    assert result.exit_code in (0, DIFFERENT), result.output
    value: dict[str, Any] = json.loads(result.stdout)
    assert value["different"] is (result.exit_code == DIFFERENT)
    return value


def test_no_difference_is_said_and_ends_with_0(tmp_path: Path) -> None:
    """The same configuration twice changes nothing, tokens included; no key is made for it."""
    tokens = CONFIGURATION + "pii: {trusted: []}\n"

    result = compared(tmp_path, tokens, tokens, an_event(1), an_event(2))

    assert (0, "no difference: 2 events, 2 destinations\n") == (result.exit_code, result.stdout)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("first", ["search", "redact"])
def test_what_is_written_within_texts_is_compared(tmp_path: Path, first: str) -> None:
    """A text that one configuration left alone is no less searched by the other."""
    texts = {wish: f"{CONFIGURATION}pii: {{trusted: [], free_text: {wish}}}\n" for wish in WISHES}
    enclosed = '{"message": "Hi, this is Sonia Briccialdi from Rome."}'
    event = an_event(1, properties={"state": enclosed})
    (second,) = WISHES - {first}

    assert found(tmp_path, texts[first], texts[first], event)["different"] is False
    assert found(tmp_path, texts[first], texts[second], event)["different"] is True


def test_events_that_appear_and_vanish(tmp_path: Path) -> None:
    """They are counted, with the reason why they were or will be kept back."""
    events = an_event(1, context={}), an_event(2)

    new = found(tmp_path, CONFIGURATION, LOOSE, *events)["destinations"]["ads"]
    old = found(tmp_path, LOOSE, CONFIGURATION, *events)["destinations"]["ads"]

    assert (1, 2, 1, 1, 0) == tuple(
        new[key] for key in ("sent_before", "sent_after", "different", "appears", "vanishes")
    )
    assert [{"before": "consent.missing", "after": None, "events": 1}] == new["reasons"]
    assert (2, 1, 0, 1) == tuple(
        old[key] for key in ("sent_before", "sent_after", "appears", "vanishes")
    )
    assert [{"before": None, "after": "consent.missing", "events": 1}] == old["reasons"]


def test_fields_that_change_and_go(tmp_path: Path) -> None:
    """Paths are counted per effect; an example has its id, line and paths, and no value."""
    value = found(tmp_path, CONFIGURATION, HASHED, b"", an_event(7))

    hook = value["destinations"]["hook"]
    assert (1, 1, 0, 1) == tuple(hook[key] for key in ("different", "loses", "gains", "changes"))
    assert [
        {"effect": "loses", "path": "properties.total", "events": 1},
        {"effect": "changes", "path": "properties.email", "events": 1},
    ] == hook["paths"]
    assert {
        "effect": "changes", "message_id": "m-7", "line": 2, "before": None, "after": None,
        "paths": ["properties.email"],
    } in hook["examples"]  # fmt: skip
    assert "person7@example.test" not in json.dumps(value)
    assert 0 == value["destinations"]["ads"]["different"]


def test_values_are_revealed_when_asked_for(tmp_path: Path) -> None:
    """`--reveal` adds both sides of each path."""
    value = found(tmp_path, CONFIGURATION, HASHED, an_event(7), how="--reveal")

    [lost] = [e for e in value["destinations"]["hook"]["examples"] if e["effect"] == "loses"]
    assert [{"before": 12.5}] == lost["values"]
    result = compared(tmp_path, CONFIGURATION, HASHED, an_event(7), how="--reveal")
    assert 'properties.email: "person7@example.test" -> "' in result.stdout
    assert "properties.total: 12.5 -> nothing" in result.stdout


def test_personal_keys_are_not_shown(tmp_path: Path) -> None:
    """A key of an event may be somebody's address: a word stands in its place, in both forms."""
    drops = HASHED.replace("properties.total", "properties.seats.*")
    event = an_event(1, properties={"seats": {"maya@example.test": 1, "b": 2}})

    value = found(tmp_path, CONFIGURATION, drops, event)
    shown = compared(tmp_path, CONFIGURATION, drops, event).stdout

    paths = {each["path"] for each in value["destinations"]["hook"]["paths"]}
    assert {"properties.seats.(personal key)", "properties.seats.b"} == paths
    assert "maya" not in json.dumps(value) + shown


def test_paths_of_lists_are_counted_together(tmp_path: Path) -> None:
    """Elements of a list are one path; events that have it count once."""
    drops = HASHED.replace("properties.total", "properties.products[*].note")
    event = an_event(1, properties={"products": [{"note": "a"}, {"note": "b"}]})

    hook = found(tmp_path, CONFIGURATION, drops, event)["destinations"]["hook"]

    assert [{"effect": "loses", "path": "properties.products[*].note", "events": 1}] == hook[
        "paths"
    ]


def test_destinations_come_go_and_get_other_names(tmp_path: Path) -> None:
    """A new one gets events, a lost one none; the same under a new name is compared with itself."""
    after = CONFIGURATION.replace("  hook:\n", "  door:\n").replace("  ads:\n", "  new:\n").replace(
        "type: console", 'type: file\n    settings: {path: "./a"}'
    )  # fmt: skip

    told = found(tmp_path, CONFIGURATION, after, an_event(1))["destinations"]

    facts = {name: (d["state"], d["was"], d["appears"], d["vanishes"]) for name, d in told.items()}
    assert {
        "door": ("renamed", "hook", 0, 0),
        "new": ("added", None, 1, 0),
        "ads": ("removed", None, 0, 1),
    } == facts


@pytest.mark.parametrize(("keys", "changes"), [(("a", "a"), 0), (("a", "b"), 1), (("a", ""), 1)])
def test_another_privacy_key_changes_tokens(
    tmp_path: Path, keys: tuple[str, str], changes: int
) -> None:
    """Tokens are compared as each side would make them."""
    before, after = (
        f"{CONFIGURATION}pii: {{trusted: []}}\n" + (f"privacy_key: {key * 20}\n" if key else "")
        for key in keys
    )

    assert changes == found(tmp_path, before, after, an_event(1))["destinations"]["hook"]["changes"]


def test_write_keys_count(tmp_path: Path) -> None:
    """Each side knows the source of an event by its own write keys."""
    before = CONFIGURATION.replace("type: console", "type: console\n    sources: [shop]")
    before += "sources: {shop: {write_keys: [wk1]}}\n"

    told = found(tmp_path, before, before.replace("wk1", "wk2"), an_event(1, writeKey="wk1"))

    assert 1 == told["destinations"]["ads"]["vanishes"]


def test_bad_lines_are_counted(tmp_path: Path) -> None:
    """What cannot be read changes nothing and is told; blank lines are nothing."""
    value = found(tmp_path, CONFIGURATION, CONFIGURATION, b"{broken", b"", b" ", an_event(1))

    assert (1, 1) == (value["events"], value["unreadable"])
    result = compared(tmp_path, CONFIGURATION, CONFIGURATION, b"{broken")
    assert "1 line could not be read: invalid_json\n" == result.stderr


def test_examples_are_as_many_as_asked_for(tmp_path: Path) -> None:
    """`--examples` bounds what is shown of each effect; counts go on."""
    events = [an_event(number, context={}) for number in range(5)]

    ads = found(tmp_path, CONFIGURATION, LOOSE, *events, how="--examples 2")["destinations"]["ads"]

    assert (5, ["m-0", "m-1"]) == (ads["appears"], [e["message_id"] for e in ads["examples"]])


def test_in_words(tmp_path: Path) -> None:
    """People read per destination what happens to how many events, why, and an example."""
    result = compared(tmp_path, CONFIGURATION, LOOSE, an_event(1, context={}), an_event(2))

    assert DIFFERENT == result.exit_code
    assert [
        "2 events, 2 destinations",
        "",
        "ads: 1 event different, sent 1 -> 2",
        "  appears 1: sent now, not before",
        "    1 x consent.missing -> sent",
        "    e.g. m-1 (line 1)",
        "",
        "no difference: hook",
    ] == result.stdout.splitlines()


def test_a_configuration_that_cannot_be_used_ends_with_2(tmp_path: Path) -> None:
    """Nothing is compared with a broken file; its problems are told."""
    broken = CONFIGURATION.replace("type: console", "type: consle")

    result = compared(tmp_path, CONFIGURATION, broken, an_event(1))

    assert 2 == result.exit_code
    assert "b.yaml:" in result.stderr


def test_paths_that_are_not_told_apart_are_counted(tmp_path: Path) -> None:
    """Of more paths than are kept apart, the rest is a number, for people and for programs."""
    more = MOST_PATHS + 7
    line = json.dumps(
        {
            "type": "track",
            "event": "Bought",
            "userId": "u1",
            "properties": {f"field{number}": number for number in range(more)},
        }
    ).encode()
    masked = CONFIGURATION.replace(
        'consent: {not_required: "our own log"}',
        'consent: {not_required: "our own log"}\n'
        '    privacy: {rules: [{match: "properties.**", do: mask}]}',
    )

    hook = found(tmp_path, CONFIGURATION, masked, line, line)["destinations"]["hook"]
    words = compared(tmp_path, CONFIGURATION, masked, line, line).stdout

    assert (MOST_PATHS, {"changes": 14}) == (len(hook["paths"]), hook["paths_left_out"])
    assert "and 14 x a path beyond these 200, not told apart" in words
