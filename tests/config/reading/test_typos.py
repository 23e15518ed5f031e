"""Every slip of the hand is told with its line, its column and the nearest right word."""

from __future__ import annotations

import pytest

from tests.config.pretend import EXAMPLE, one, said

SLIPS = [
    ("redis: embedded ", "reddis: embedded ",
     '1:1: unknown word "reddis" (did you mean "redis"?)'),
    ("redis: embedded ", "redis: embeded ",
     '1:8: this is no address of a Redis server (did you mean "embedded"?)'),
    ("{stream: events", "{steam: events",
     '3:9: unknown word "steam" (did you mean "stream"?)'),
    ("list: events-list", "list: events",
     "3:1: the stream and the list must have two names"),
    ("127.0.0.0/8", "127.0.0.1/8",
     '4:18: "127.0.0.1/8" is no network (write 127.0.0.0/8)'),
    ("127.0.0.0/8", "localhost",
     '4:18: "localhost" is no network (write for instance 10.0.0.0/8; names are not looked up)'),
    ("[crm, warehouse]", "[crm, hok]",
     '5:22: unknown word "hok" (did you mean "hook"?)'),
    ("[crm, warehouse]", "crm",
     "5:16: expected a list, found text (write [crm])"),
    ('["${SHOP_WRITE_KEY}"]', "[12345]",
     "7:23: expected text, found a number (put it in quotes)"),
    ("[analytics, advertising]", "analytics",
     "9:15: expected a list, found text (write [analytics])"),
    ("missing: deny", "missing: dny",
     '10:12: unknown word "dny" (did you mean "deny"?)'),
    ("missing: deny", "missing: off",
     "10:12: expected one of deny, allow, found false"),
    ("destinations:", "desinations:",
     '11:1: unknown word "desinations" (did you mean "destinations"?)'),
    ("product-analytics:", "Product Analytics:",
     ('12:3: "Product Analytics" cannot name a destination '
      "(a-z, 0-9, - and _, at most 63, the first a letter or digit)")),
    ("product-analytics:", "shelf:",
     '12:3: "shelf" cannot name a destination (the word is taken)'),
    ("type: mixpanel", "tpye: mixpanel",
     '13:5: unknown word "tpye" (did you mean "type"?)'),
    ("type: mixpanel", "type: mixpannel",
     '13:11: unknown word "mixpannel" (did you mean "mixpanel"?)'),
    ("type: mixpanel", "type: zzz",
     '13:11: unknown word "zzz" (installed: mixpanel, webhook)'),
    ("{token:", "{toekn:",
     '14:16: unknown word "toekn" (did you mean "token"?)'),
    ("${MIXPANEL_TOKEN}", "${MIXPANEL_TOKN}",
     '14:24: the environment variable "MIXPANEL_TOKN" is not set (did you mean "MIXPANEL_TOKEN"?)'),
    ("${MIXPANEL_TOKEN}", "${MIXPANEL TOKEN}",
     ("14:24: `${` begins a name from the environment, but none follows "
      "(write ${NAME}, or $${ for the two characters themselves)")),
    ("sources: [shop]", "sources: [shp]",
     '15:15: unknown word "shp" (did you mean "shop"?)'),
    ("sources: [shop]", "sources: [zzz]",
     '15:15: unknown word "zzz" (known in sources: default, shop)'),
    ('"track" and', '"track" und',
     "16:29: this filter cannot be read: expected `and`, `or` or the end, found `und`"),
    ("{require: [analytics]}", "{requires: [analytics]}",
     '17:15: unknown word "requires" (did you mean "require"?)'),
    ("{require: [analytics]}", "{require: [analitics]}",
     '17:25: unknown word "analitics" (did you mean "analytics"?)'),
    ("{require: [analytics]}", "{require: [analytics], any: [advertising]}",
     "17:14: exactly one of require, any and not_required must be given"),
    ("{require: [analytics]}", "{any: []}",
     '17:14: an empty list of categories says nothing (not_required: "why")'),
    ("default: keep", "default: kep",
     '19:16: unknown word "kep" (did you mean "keep"?)'),
    ('"traits.email", do: hash', '"trait.email", do: hash',
     '21:20: unknown word "trait" (did you mean "traits"?)'),
    ("do: hash", "do: hsh",
     '21:39: unknown word "hsh" (did you mean "hash"?)'),
    ("do: hash", "to: hash",
     '21:35: unknown word "to" (did you mean "do"?)'),
    ("products[*].note", "products[*.note",
     "22:31: `products[*` is no step of a path (a key, * or **, then [*] or [0] for lists)"),
    ("**.phone", "**..phone",
     "23:23: `` is no step of a path (a key, * or **, then [*] or [0] for lists)"),
    ("**.phone", "**phone",
     "23:20: `**phone` is no step of a path (a key, * or **, then [*] or [0] for lists)"),
    ("[email, phone, card", "[email, fone, card",
     '24:36: unknown word "fone" (did you mean "phone"?)'),
    ("{detect: [email, phone, card, ip, iban, ssn]}", "{detect: []}",
     '24:28: "detect" must not be empty'),
    ("rate: 100/s", "rat: 100/s",
     '26:16: unknown word "rat" (did you mean "rate"?)'),
    ("rate: 100/s", "rate: 100 per sec",
     '26:22: "100 per sec" is no rate (write 100/s)'),
    ("concurrency: 4", "concurrency: 0",
     '26:42: expected a number from 1 to 1000, or auto (not "0")'),
    ("concurrency: 4", "concurrency: four",
     '26:42: expected a number from 1 to 1000, or auto (not "four")'),
    ("concurrency: 4", "concurrency: yes",
     '26:42: expected a number from 1 to 1000, or auto (not "True")'),
    ("events: 500", "event: 500",
     '26:53: unknown word "event" (did you mean "events"?)'),
    ("bytes: 1MB", "bytes: 1 megabyte",
     '26:73: "1 megabyte" is no size (write 1MB)'),
    ("wait: 200ms", "wait: 200 millis",
     '26:84: "200 millis" is no duration (write 200ms)'),
    ("for: 24h", "for: 24 hours",
     '26:105: "24 hours" is no duration (write 24h)'),
    ("for: 24h", "for: 24",
     '26:105: "24" is no duration (a unit is missing: write 24s)'),
    ("attempts: 12", "attempt: 12",
     '26:110: unknown word "attempt" (did you mean "attempts"?)'),
    ("concurrency: 4", "attempts: 4",
     '26:29: unknown word "attempts" (did you mean "retry.attempts"?)'),
    ("{url:", "{ulr:",
     '29:16: unknown word "ulr" (did you mean "url"?)'),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "told"), SLIPS)
def test_a_slip_is_told_with_its_place_and_the_right_word(
    right: str, wrong: str, told: str
) -> None:
    """One slip in the full example gives one problem, and exactly that one."""
    assert 1 == EXAMPLE.count(right)

    assert [f"router.yaml:{told}"] == said(EXAMPLE.replace(right, wrong))


def test_all_slips_are_told_at_once_and_in_order() -> None:
    """Whoever mends a file reads everything that is wrong with it in one go."""
    text = EXAMPLE
    for right, wrong in [("steam", "stream"), ("dny", "deny"), ("tpye: webhook", "type: webhook"),
                         ("[shp]", "[shop]"), ("24 hours", "24h")]:  # fmt: skip
        text = text.replace(wrong, right)

    problems = said(text)

    assert ["3", "10", "15", "26", "28"] == [each.split(":")[1] for each in problems]


def test_a_word_that_belongs_one_section_deeper_is_sent_there() -> None:
    """A setting of the adapter that stands beside `settings` is told where it belongs."""
    assert ['router.yaml:5:5: unknown word "tries" (did you mean "settings.tries"?)'] == said(
        one("tries: 3")
    )


def test_what_is_missing_is_told_with_what_it_wants() -> None:
    """A required word that is absent is named at the section that lacks it."""
    assert ['router.yaml:2:3: "settings.url" is missing here (it wants text)'] == said(
        "destinations:\n  hook: {type: webhook}\n"
    )
    assert ['router.yaml:2:3: "type" is missing here (it wants text)'] == said(
        "destinations:\n  hook: {}\n"
    )
    assert ['router.yaml:1:1: "destinations" is missing here (it wants a section)'] == said(
        "shards: 4\n"
    )


def test_an_empty_section_is_told_as_nothing() -> None:
    """A word with nothing behind it is no section."""
    assert ["router.yaml:1:14: expected a section, found nothing"] == said("destinations:\n")
    assert ["router.yaml:2:8: expected a section, found nothing"] == said(
        "destinations:\n  hook:\n"
    )


def test_a_server_wants_a_privacy_key() -> None:
    """Tokens must be the same on every host, so a server is not used without a key."""
    told = '"privacy_key" is missing: a server needs one (write privacy_key: "${PRIVACY_KEY}")'

    assert [f"router.yaml:6:1: {told}"] == said(one() + "\nredis: redis://localhost:6379/0\n")


def test_a_short_privacy_key_is_refused() -> None:
    """A key that could be guessed protects nobody."""
    assert [
        "router.yaml:6:14: the privacy key is shorter than 16 characters (`openssl rand -hex 32`)"
    ] == said(one() + "\nprivacy_key: abc\n")


@pytest.mark.parametrize(
    ("delivery", "worker", "told"),
    [
        ("timeout: 12s", "lease: 15s", "5:25: {} (here less than 11.25s)"),
        ("concurrency: 2", "lease: 12s", "5:15: {} (here less than 9s)"),
    ],
)
def test_a_lease_outlives_every_request(delivery: str, worker: str, told: str) -> None:
    """A timeout that is not shorter than three quarters of the lease is refused."""
    text = one(f"delivery: {{{delivery}}}") + f"\nworker: {{{worker}}}\n"

    message = told.format("the timeout must be shorter than 3/4 of worker.lease")

    assert [f"router.yaml:{message}"] == said(text)


def test_a_write_key_belongs_to_one_source() -> None:
    """The same write key in two sources could not tell them apart; it is not shown."""
    text = one() + "\nsources: {a: {write_keys: [k9]}, b: {write_keys: [k9]}}\n"

    assert ["router.yaml:6:51: this write key belongs to two sources"] == said(text)


def test_a_filter_in_a_block_is_told_by_its_own_column() -> None:
    """Where the file's columns are not the filter's, the message holds the filter's."""
    problems = said(one("events: >\n  type =\n  track track\n"))

    assert 1 == len(problems)
    assert problems[0].startswith("router.yaml:5:13: this filter cannot be read: ")
    assert "(column " in problems[0]
