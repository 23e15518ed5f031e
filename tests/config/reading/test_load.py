"""From the file to the models: every word of it, its defaults, and files that are none."""

from __future__ import annotations

import pickle
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from router.config import ConfigError, load, parse
from router.config.sections.privacy import Matcher
from tests.config.pretend import ADAPTERS, ENVIRON, EXAMPLE, HookSettings, one, parsed, said


def test_the_documented_example_means_what_it_says() -> None:
    """Each word of the full example arrives where the rest of the router reads it."""
    config = parsed(EXAMPLE, folder=Path("/srv/router"))

    assert ("embedded", Path("/srv/router/router-data")) == (config.redis, config.data)
    assert ("events", "events-list") == (config.queue.stream, config.queue.list)
    assert (ip_network("127.0.0.0/8"),) == config.egress.allow
    assert ("crm", "warehouse") == config.pii.trusted
    assert ("wk_shop",) == config.sources["shop"].write_keys
    assert (("analytics", "advertising"), "deny") == (
        config.consent.categories, config.consent.missing,
    )  # fmt: skip
    assert ["product-analytics", "hook"] == list(config.destinations)
    hook = config.destinations["hook"]
    assert hook.consent is not None
    assert ((), (), "our own audit log") == (
        hook.consent.require, hook.consent.any, hook.consent.not_required,
    )  # fmt: skip
    assert HookSettings(url="http://127.0.0.1:9001/", secret=SecretStr("hook_canary_2")) == (
        hook.settings
    )


def test_the_documented_destination_means_what_it_says() -> None:
    """Consent, privacy and delivery of the full example's first destination are read whole."""
    destination = parsed(EXAMPLE).destinations["product-analytics"]

    assert ("mixpanel", ("shop",)) == (destination.type, destination.sources)
    assert destination.events == 'type = "track" and event != "Test"'
    assert destination.consent is not None
    assert ("analytics",) == destination.consent.require
    assert destination.privacy is not None
    assert "keep" == destination.privacy.default
    assert [
        ("traits.email", "hash"),
        ("properties.products[*].note", "drop"),
        ("**.phone", "token"),
        (Matcher(detect=("email", "phone", "card", "ip", "iban", "ssn")), "mask"),
        ("context.ip", "truncate"),
    ] == [(rule.match, rule.do) for rule in destination.privacy.rules]
    delivery = destination.delivery
    assert (100.0, 4, timedelta(seconds=10)) == (
        delivery.rate, delivery.concurrency, delivery.timeout,
    )  # fmt: skip
    assert (500, 1_000_000, timedelta(milliseconds=200)) == (
        delivery.batch.events, delivery.batch.bytes, delivery.batch.wait,
    )  # fmt: skip
    assert (timedelta(hours=24), 12) == (delivery.retry.for_, delivery.retry.attempts)


def test_one_destination_is_enough() -> None:
    """Everything but `destinations` has a default."""
    config = parsed(one())

    assert ("embedded", 8, None, None) == (
        config.redis, config.shards, config.broker, config.privacy_key,
    )  # fmt: skip
    assert (timedelta(hours=24), 256_000_000) == (config.dedupe.window, config.dedupe.memory)
    assert 1 <= config.worker.processes <= 8
    assert ("step", timedelta(seconds=15)) == (config.worker.hosting, config.worker.lease)
    assert ((), None, {}, (), "deny") == (
        config.egress.allow, config.pii.trusted, config.sources, config.consent.categories,
        config.consent.missing,
    )  # fmt: skip
    hook = config.destinations["hook"]
    assert (None, None, None, None) == (hook.sources, hook.events, hook.consent, hook.privacy)
    assert (None, 4, timedelta(seconds=10), "batch", timedelta(0)) == (
        hook.delivery.rate, hook.delivery.concurrency, hook.delivery.timeout,
        hook.delivery.ordering, hook.delivery.batch.wait,
    )  # fmt: skip


def test_a_destination_makes_its_adapter() -> None:
    """A destination knows its name and its adapter, and makes one with the settings."""
    hook = parsed(one()).destinations["hook"]

    assert ("hook", ADAPTERS["webhook"]) == (hook.name, hook.adapter_class)
    assert hook.settings == hook.adapter().settings


def test_nothing_of_a_configuration_can_be_changed() -> None:
    """A configuration is frozen all the way down."""
    config = parsed(one())

    with pytest.raises(ValidationError):
        config.shards = 9  # type: ignore[misc]  # what the test is about
    with pytest.raises(ValidationError):
        config.destinations["hook"].type = "file"  # type: ignore[misc]  # as above


def test_a_configuration_travels_to_other_processes() -> None:
    """A pickled copy has the same meaning and the same adapters."""
    config = parsed(EXAMPLE)

    copy = pickle.loads(pickle.dumps(config))

    assert config.digest == copy.digest
    assert "hook" == copy.destinations["hook"].name


def test_paths_begin_at_the_file(tmp_path: Path) -> None:
    """A relative path means the same from wherever a command is started."""
    file = tmp_path / "router.yaml"
    file.write_text("data: store\n" + one(settings="{url: 'https://a.test/', log: log/a.txt}"))

    config = load(file, {}, ADAPTERS)

    assert tmp_path / "store" == config.data
    settings = config.destinations["hook"].settings
    assert isinstance(settings, HookSettings)
    assert tmp_path / "log" / "a.txt" == settings.log


def test_the_environment_names_the_file(tmp_path: Path) -> None:
    """Without a path, ROUTER_CONFIG counts."""
    file = tmp_path / "other.yaml"
    file.write_text(one())

    assert ["hook"] == list(load(None, {"ROUTER_CONFIG": str(file)}, ADAPTERS).destinations)


def test_a_missing_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    """Whoever starts without a file learns how to name or to write one."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "router.yaml", {}, ADAPTERS)

    assert str(caught.value).startswith(
        f"{tmp_path}/router.yaml:1:1: there is no such file (name another with --config"
    )


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A folder, or bytes that are no text, give a sentence with a line."""
    (tmp_path / "latin").write_bytes(b"destinations:\n  caf\xe9:\n")

    with pytest.raises(ConfigError, match="the file cannot be read: Is a directory"):
        load(tmp_path, {}, ADAPTERS)
    with pytest.raises(ConfigError, match="latin:2:1: this is not UTF-8 text"):
        load(tmp_path / "latin", {}, ADAPTERS)


def test_settings_that_are_no_section_are_told() -> None:
    """An adapter's settings are read like any other section."""
    assert ["router.yaml:4:15: expected a section, found a list"] == said(one(settings="[1, 2]"))


def test_a_source_must_be_declared() -> None:
    """A destination cannot take a source that the file does not know, but for `default`."""
    assert ("default",) == parsed(one("sources: [default]")).destinations["hook"].sources
    assert ['router.yaml:5:15: unknown word "shop" (known in sources: default)'] == said(
        one("sources: [shop]")
    )


def test_environ_is_the_only_environment() -> None:
    """The process's own variables do not leak into a configuration."""
    assert 'the environment variable "PATH" is not set' in said(
        one(settings='{url: "${PATH}"}'), ENVIRON
    )[0]  # fmt: skip


def test_a_name_must_name_something() -> None:
    """A destination cannot be known as everybody, or as what is no destination."""
    known = 'known_as: ["My Analytics (Shop)", 5f7d]'
    assert ("My Analytics (Shop)", "5f7d") == parsed(one(known)).destinations["hook"].known_as
    for name in ("All", "segment.io", "--"):
        [told] = said(one(f'known_as: ["{name}"]'))
        assert told.startswith(f'router.yaml:5:16: "{name}" names no destination')


@pytest.mark.parametrize(
    "section",
    [
        "url: nonsense",
        "url: 'https://a..test/'",
        "url: 'https://a.test/', secret: whsec_no!nonsense",
    ],
)
def test_where_news_are_announced_is_checked(section: str) -> None:
    """What could not be announced to, or signed with, is found at start, and not repeated."""
    text = f"announce: {{{section}}}\ndestinations: {{out: {{type: console}}}}"
    with pytest.raises(ConfigError, match=r"router.yaml:1:\d+: ") as refusal:
        parse(text, {})

    assert ["announce"] == [each.where.partition(".")[0] for each in refusal.value.problems]
    assert "nonsense" not in str(refusal.value)
    assert "a..test" not in str(refusal.value)
