"""Every Redis key that the router uses, once.

=============================  ======  ==========================================================
key                            type    holds
=============================  ======  ==========================================================
router:setup                   hash    what was fixed at first start: `shards`, `format`
router:fence                   string  the last fencing number given
router:lease:NAME              string  `owner:fence` of an intake or shard, with a time to live
router:lease:probe:NAME        string  the same of who probes a held destination
router:members                 zset    worker processes by when they are presumed dead
router:member:ID               string  what a worker process says of itself (JSON)
router:reloads                 string  how often workers were asked to read their configuration
router:position:KIND           string  how many arrivals of an intake were ever handed off
router:intake                  hash    the intakes' ledger: read, accepted, duplicate, shelved
router:shelf                   stream  arrivals that could not be read or routed, whole
router:marks                   hash    generation of the de-duplication marks, since, count
router:marks:GEN:BUCKET        set     fingerprints (an intset: about 8 bytes each)
router:preferences             hash    turn of a user who ever denied something to what is known
router:lanes                   set     every lane that ever had a delivery
router:holds                   hash    destination to its hold (JSON)
router:announced               hash    destination to what was last announced of its hold
router:held                    hash    destination to milliseconds held so far
router:oddities:DAY            hash    what was odd in events' maps that day, counted by kind
router:audit                   stream  what operators did, the latest hundred thousand
router:rate:LANE               string  theoretical arrival time of a rate limit (GCRA)
router:{N}:lane:LANE           stream  shard N's undelivered deliveries, in order
router:{N}:dead:LANE           stream  its dead letters
router:{N}:tries:LANE          hash    attempts of the few failing entries
router:{N}:ledger              hash    its counters since ever
router:{N}:hour:HOUR           hash    the same counters of one hour (kept for eight days)
router:wake                    channel shard numbers that have something new, or a word
=============================  ======  ==========================================================

A lane is `NAME:TYPE`, destination and adapter. All keys of a shard share the hash tag `{N}`.
"""

from __future__ import annotations

PREFIX = "router"
SETUP = f"{PREFIX}:setup"
FENCE = f"{PREFIX}:fence"
MEMBERS = f"{PREFIX}:members"
RELOADS = f"{PREFIX}:reloads"
INTAKE = f"{PREFIX}:intake"
SHELF = f"{PREFIX}:shelf"
MARKS = f"{PREFIX}:marks"
PREFERENCES = f"{PREFIX}:preferences"
LANES = f"{PREFIX}:lanes"
HOLDS = f"{PREFIX}:holds"
ANNOUNCED = f"{PREFIX}:announced"
HELD = f"{PREFIX}:held"
AUDIT = f"{PREFIX}:audit"
WAKE = f"{PREFIX}:wake"

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def lease(name: str) -> str:
    """Return the key of the lease on an intake (`stream`, `list`), a shard (`3`) or a probe."""
    return f"{PREFIX}:lease:{name}"


def member(owner: str) -> str:
    """Return the key of what a worker process says of itself."""
    return f"{PREFIX}:member:{owner}"


def position(kind: str) -> str:
    """Return the key that counts the arrivals of an intake that were handed off."""
    return f"{PREFIX}:position:{kind}"


def probe(destination: str) -> str:
    """Return the name of the lease that lets one worker probe a held destination."""
    return f"probe:{destination}"


def rate(lane: str) -> str:
    """Return the key of a destination's rate limit."""
    return f"{PREFIX}:rate:{lane}"


def lane(shard: int, name: str) -> str:
    """Return the key of a shard's lane."""
    return f"{PREFIX}:{{{shard}}}:lane:{name}"


def dead(shard: int, name: str) -> str:
    """Return the key of a shard's dead letters of one lane."""
    return f"{PREFIX}:{{{shard}}}:dead:{name}"


def tries(shard: int, name: str) -> str:
    """Return the key of the attempts of a lane's failing entries."""
    return f"{PREFIX}:{{{shard}}}:tries:{name}"


def ledger(shard: int) -> str:
    """Return the key of a shard's counters."""
    return f"{PREFIX}:{{{shard}}}:ledger"


def hour(shard: int, now_ms: int) -> str:
    """Return the key of a shard's counters of the hour that `now_ms` is in."""
    return f"{PREFIX}:{{{shard}}}:hour:{now_ms // HOUR_MS}"


def oddities(now_ms: int) -> str:
    """Return the key of what was odd in events on the day that `now_ms` is in."""
    return f"{PREFIX}:oddities:{now_ms // DAY_MS}"
