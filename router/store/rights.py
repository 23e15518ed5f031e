"""The rights that a worker's user needs in the store: the rule for operators, and its check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from redis.exceptions import NoPermissionError

from router.store import keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from router.store.scripts import Scripts

_SENT = """
blmove K K RIGHT RIGHT 1 | del K | evalsha 0 0 | exec | exists K | expire K 1 | get K | hdel K a
hexists K a | hget K a | hgetall K | hincrby K a 1 | hlen K | hmget K a | hset K a b | hsetnx K a b
incr K | info | llen K | lpush K a | lrange K 0 1 | ltrim K 0 1 | mget K | multi | persist K
pexpire K 1 | ping | publish C a | sadd K a | script exists a | script load a | select 0 | set K a
sismember K a | smembers K | subscribe C | time | unlink K | unsubscribe C | xadd K * a b
xdel K 0-1 | xlen K | xrange K - + | xread STREAMS K 0-1 | xrevrange K + - | xtrim K MAXLEN 1
zadd K 1 a | zrange K 0 1 | zrem K a | zremrangebyscore K 0 1
"""
"""What the router sends, by its scripts or by itself: each with a key K or a channel C."""
NAMED = 3
"""So many missing rights are named at once."""
_CONTAINERS = ("script",)
BROKER_COMMANDS = (
    "brpop", "psubscribe", "pttl", "punsubscribe", "rpop", "rpush", "srem", "unwatch", "watch",
    "zrangebyscore", "zrevrangebyscore",
)  # fmt: skip
"""What Celery sends besides, where the same user serves its broker."""
KEYS = (f"{keys.PREFIX}:*", f"{{{keys.PREFIX}}}:*")
BROKER = "router-celery:*"
"""All keys and channels of Celery; `router.worker.broker` gives it this prefix."""
BROKER_PATTERNS = ("router-celery:/1.celery.pidbox", "router-celery:/1.celeryev/worker.*")
"""What Celery subscribes to by pattern, with its database; a rule must name the very pattern."""


def _commands() -> Iterator[list[str]]:
    for text in _SENT.replace("\n", " | ").split(" | "):
        if words := text.split():
            yield words


def _name(words: Sequence[str]) -> str:
    return "|".join(words[:2]) if words[0] in _CONTAINERS else words[0]


COMMANDS = tuple(_name(words) for words in _commands())
"""Their names, as rules spell them. Without one of them a worker begins nothing."""


def rule(user: str, queues: Sequence[str]) -> list[str]:
    """Return the words of `ACL SETUSER` for a user who may do this and nothing else."""
    wanted = sorted({*COMMANDS, *BROKER_COMMANDS})
    return [
        user, "on", "resetkeys", "resetchannels", "-@all",
        *(f"~{name}" for name in (*KEYS, *queues, BROKER)),
        *(f"&{name}" for name in (*KEYS, BROKER, *BROKER_PATTERNS)),
        *(f"+{name}" for name in wanted),
    ]  # fmt: skip


async def check_rights(scripts: Scripts, queues: Sequence[str]) -> None:
    """Ask the store whether its user may do all that the router will.

    Raises NoPermissionError with what it may not, and with which key or channel: a script that
    may not run its third command has run two.
    """
    places = {"K": keys.SETUP, "C": keys.WAKE}
    asked = [[places.get(word, word) for word in words] for words in _commands()]
    asked += [["del", key] for key in (keys.lane(0, "a:b"), keys.SETUP, *queues)]
    refused = await scripts("rights", [], [json.dumps(words) for words in asked])
    missing = [" ".join(json.loads(packed)[:2]) for packed in refused]
    if missing:
        shown = ", ".join(f"'{words}'" for words in missing[:NAMED])
        raise NoPermissionError(shown)
