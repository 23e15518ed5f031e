"""What waits in a queue is stripped anew when the same rules come to strip differently."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import orjson

from router.decide.policy.policy import GENERATION
from tests.decide.detect.published import CORPORA, of_cases
from tests.decide.detect.scores import BY_VALUE
from tests.decide.making import Matcher, policy

if TYPE_CHECKING:
    from collections.abc import Iterator

RED = Matcher(keys=("red", "yellow"))
LEFT = {8: "5b1d07fb7ace8788"}
"""By generation: a digest of what policies leave of the published events and cases."""


def stripped() -> Iterator[bytes]:
    """Yield what `pii.trusted` and rules by value leave of the published events and cases."""
    lines = (CORPORA / "pii_events.jsonl").read_bytes().splitlines()
    events = [orjson.loads(line)["event"] for line in lines]
    events += [{"type": "track", "properties": {"x": text}} for text in of_cases()]
    for each in (policy(trusted=False), policy((BY_VALUE, "mask")), policy((RED, "drop"))):
        for event in events:
            yield orjson.dumps(each.strip(event).payload)


def test_what_is_left() -> None:
    """Whoever changes what the same rules leave raises GENERATION and notes here what is left.

    Otherwise what was stripped before a deploy would be taken for stripped as it is now.
    """
    digest = blake2b(digest_size=8)
    for payload in stripped():
        digest.update(payload)

    assert {GENERATION: digest.hexdigest()} == LEFT
