"""What the linter finds, at which line, and that it is silent where nothing is to be said."""

from __future__ import annotations

import pytest

from router.config import lint
from router.config.lint.delivery import worst_case
from tests.config.lint.findings import FINE, found, told
from tests.config.pretend import EXAMPLE, one, parsed


def test_a_good_configuration_gives_no_finding() -> None:
    """Nothing is said about a configuration that says everything."""
    assert [] == told(one(FINE))


def test_the_documented_example_is_sound() -> None:
    """The full example has no error; what it leaves open is told."""
    assert [
        ("warning", "trusted_unknown", 5),
        ("warning", "trusted_unknown", 5),
        ("info", "consent_category_unused", 9),
        ("info", "token_key_embedded", 12),
        ("info", "consent_uses_unknown", 12),
    ] == told(EXAMPLE)


@pytest.mark.parametrize(
    ("url", "allow", "expected"),
    [
        ("https://a.test/", "[]", None),
        ("https://8.8.8.8/", "[]", None),
        ("http://a.test/", "[]", "http_unencrypted"),
        ("http://8.8.8.8/", "[]", "http_unencrypted"),
        ("http://127.0.0.1:9001/", "[]", "egress_refused"),
        ("http://localhost:9001/", "[]", "egress_refused"),
        ("http://169.254.169.254/", "[]", "egress_metadata_host"),
        ("http://localhost:9001/", "[127.0.0.0/8]", None),
        ("https://10.1.2.3/", "[127.0.0.0/8]", "egress_refused"),
        ("https://10.1.2.3/", "[10.0.0.0/8]", None),
        ("http://[::1]:80/", "['::1']", None),
        ("http://[fe80::1]/", "[]", "egress_refused"),
        ("http://[::ffff:127.0.0.1]:9001/", "[]", "egress_refused"),
        ("http://2130706433:9001/", "[]", "egress_refused"),
        ("http://0x7f000001/", "[]", "egress_refused"),
        ("http://127.0.0.1:99999/", "[127.0.0.0/8]", "url_port"),
        ("https://[nonsense/", "[]", None),
        ("https://a..test/", "[]", "url_host"),
    ],
)
def test_addresses(url: str, allow: str, expected: str | None) -> None:
    """What egress will refuse is told before the first event meets it."""
    text = one(FINE, settings=f"{{url: '{url}'}}") + f"egress: {{allow: {allow}}}\n"

    assert [expected] * (expected is not None) == [each.code for each in found(text)]


@pytest.mark.parametrize(
    ("network", "level", "code"),
    [
        ("0.0.0.0/0", "error", "egress_open"),
        ("::/0", "error", "egress_open"),
        ("169.254.0.0/16", "warning", "egress_metadata"),
        ("10.0.0.0/7", "warning", "egress_wide"),
    ],
)
def test_open_doors(network: str, level: str, code: str) -> None:
    """A network that lets anything through is an error, a wide one a warning."""
    assert [(level, code, 7)] == told(one(FINE) + f"egress: {{allow: ['{network}']}}\n")


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("settings: {url: 'https://a.test', secret: abc}", "destinations.hook.settings.secret"),
        ("settings: {url: 'https://a.test', secret: [abc]}",
         "destinations.hook.settings.secret[0]"),
        ("settings: {url: 'https://u:p@a.test'}", "destinations.hook.settings.url"),
        ("settings: {url: 'https://a.test', secret: '${NONE:-abc}'}",
         "destinations.hook.settings.secret"),
    ],
)  # fmt: skip
def test_secrets_in_the_file(line: str, place: str) -> None:
    """A secret that did not come from the environment is told, without its value."""
    text = f"destinations:\n  hook:\n    type: webhook\n    {line}\n    " + FINE.replace(
        "\n", "\n    "
    )

    findings = found(text)

    assert [("secret_in_file", place)] == [(each.code, each.where) for each in findings]
    assert "abc" not in str(findings)
    assert "u:p" not in str(findings)


def test_a_privacy_key_in_the_file() -> None:
    """The key of all tokens counts as a secret like any other."""
    assert [("warning", "secret_in_file", 7)] == told(one(FINE) + "privacy_key: 0123456789abcdef\n")
    assert [] == told(one(FINE) + "privacy_key: ${K}\n")


def test_sources_that_nobody_takes() -> None:
    """A source whose events go nowhere is told."""
    text = one(FINE + "\nsources: [a]") + "sources: {a: {}, b: {}}\n"

    assert [("warning", "source_unused", 8), ("info", "source_default_unused", 1)] == told(text)


def test_batches_beyond_the_adapter() -> None:
    """Asking for more than the vendor takes is told with the vendor's limit."""
    text = one(FINE + "\ndelivery: {batch: {events: 101}}")

    finding = found(text)[0]

    assert ("warning", "batch_over_adapter", 7) == (finding.level, finding.code, finding.line)
    assert '"hook" carries at most 100 events in a request, not 101' == finding.message


def test_a_queue_that_refuses_events() -> None:
    """Losing events on purpose is told, and a refusal that can never happen as well."""
    refusing = "\ndelivery: {queue: {full: refuse, events: 5000}}"
    assert [("warning", "queue_refuses", 7)] == told(one(FINE + refusing))
    never = "\ndelivery: {queue: {full: refuse}}"
    assert [("warning", "queue_unbounded", 7)] == told(one(FINE + never))
    assert [] == told(one(FINE + "\ndelivery: {queue: {events: 5000}}"))


def test_a_queue_that_soon_stops_all() -> None:
    """A short queue for which the intake waits is told: a few failing events fill it."""
    short = "\ndelivery: {queue: {events: 5}}"
    assert [("warning", "queue_short", 7)] == told(one(FINE + short))


def test_giving_up_early() -> None:
    """A retry time that an ordinary outage exceeds is told."""
    assert [("warning", "retry_short", 7)] == told(one(FINE + "\ndelivery: {retry: {for: 30m}}"))


def test_the_worst_case_of_retrying_is_computed() -> None:
    """Both limits are told, and which of them decides when every attempt hangs."""
    delivery = "delivery: {{timeout: 10s, retry: {{for: {}, attempts: {}}}}}"
    usual = parsed(one(delivery.format("24h", 12))).destinations["hook"].delivery
    many = parsed(one(delivery.format("1h", 1000))).destinations["hook"].delivery

    assert worst_case(usual.retry, usual.timeout) == (
        "an event that keeps failing is dead once 12 attempts were made and 24h have passed since "
        "the first failed"
    )
    assert worst_case(many.retry, many.timeout).endswith(
        "attempts that all time out take 2h46m40s or more, so their number decides"
    )


def test_findings_come_gravest_first() -> None:
    """Errors stand before warnings, warnings before notes."""
    levels = [each.level for each in lint(parsed(one() + "egress: {allow: ['0.0.0.0/0']}\n"))]

    assert ["error", "warning", "warning", "info"] == levels
