"""Every Redis key that the router uses, once.

=============================  ======  ==========================================================
key                            type    holds
=============================  ======  ==========================================================
router:setup                   hash    what was fixed at first start: `shards`, `format`
{router}:members               zset    worker processes by when they are presumed dead
{router}:member:ID             string  what a worker process says of itself (JSON)
{router}:reloads               string  how often workers were asked to read their configuration
{router}:marks                 hash    generation of the de-duplication marks, since, count
{router}:marks:GEN:BUCKET      set     fingerprints (an intset: about 8 bytes each)
{router}:preferences           hash    turn of a user who ever denied something to what is known
{router}:lanes                 set     every lane that ever had a delivery
{router}:intakes               set     every intake (`KIND:QUEUE`) that was ever handed off
{router}:holds                 hash    destination to its hold (JSON)
{router}:announced             hash    destination to what was last announced of its hold
{router}:held                  hash    destination to milliseconds held so far
{router}:probe:NAME:lease      string  a lease on probing a held destination
{router}:alone:lease           string  a lease on trying a suspect alone, in the whole fleet
{router}:dictionary            string  id of the learned dictionary that packs new entries
{router}:oddities:DAY          hash    what was odd in events' maps that day, counted by kind
{router}:audit                 stream  what operators did, the latest hundred thousand
{router}:rate:LANE             string  theoretical arrival time of a rate limit (GCRA)
router:{QUEUE}:KIND:lease      string  `owner:fence` of an intake, with a time to live
router:{QUEUE}:KIND:fence      string  the last fencing number that was given for it
router:{QUEUE}:KIND:owner, ... ...     as of a shard: owner, suspects
router:{QUEUE}:KIND:position   string  how many of its arrivals were ever handed off
router:{QUEUE}:KIND:returned   set     ids of the shelf that are being put back
router:{N}:lease, :fence       string  the same of shard N
router:{N}:owner               string  who has it, and when one last went without giving back
router:{N}:suspects            hash    what was in flight then, and how often
router:{N}:lane:LANE           stream  shard N's undelivered deliveries, in order
router:{N}:dead:LANE           stream  its dead letters
router:{N}:tries:LANE          hash    attempts of the few failing entries
router:{N}:dictionaries        hash    id to dictionary: the learned ones, in every shard
router:{N}:shelf               stream  arrivals that could not be read or routed, whole
router:{N}:taken               hash    on a Cluster: the last arrival it saw of each intake
router:{N}:marks...            ...     on a Cluster: its own de-duplication marks
router:{N}:never               -       on a Cluster: never is; stops scripts while the slot moves
router:{N}:ledger              hash    its counters since ever
router:{N}:hour:HOUR           hash    the same counters of one hour (kept for eight days)
router:wake                    channel shard numbers that have something new, or a word
=============================  ======  ==========================================================

A lane is `NAME:TYPE`, destination and adapter. These share a hash tag: all keys of a shard; all of
an intake and its queue (whose name may have a tag of its own); all others.
"""

from __future__ import annotations

import re

PREFIX = "router"
SHARED = f"{{{PREFIX}}}"
"""What the keys begin with that belong to no shard and no intake."""
SETUP = f"{PREFIX}:setup"
MEMBERS = f"{SHARED}:members"
RELOADS = f"{SHARED}:reloads"
MARKS = f"{SHARED}:marks"
PREFERENCES = f"{SHARED}:preferences"
LANES = f"{SHARED}:lanes"
INTAKES = f"{SHARED}:intakes"
HOLDS = f"{SHARED}:holds"
ANNOUNCED = f"{SHARED}:announced"
HELD = f"{SHARED}:held"
ALONE = f"{SHARED}:alone"
AUDIT = f"{SHARED}:audit"
DICTIONARY = f"{SHARED}:dictionary"
WAKE = f"{PREFIX}:wake"

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
_TAG = re.compile(r"[^{]*\{([^}]+)\}")


def shard(number: int) -> str:
    """Return what all keys of a shard begin with."""
    return f"{PREFIX}:{{{number}}}"


def intake(kind: str, queue: str) -> str:
    """Return what all keys of an intake (`stream`, `list`) begin with: they are with its queue."""
    tag = _TAG.match(queue)
    return f"{PREFIX}:{{{tag[1] if tag else queue}}}:{kind}"


def probe(destination: str) -> str:
    """Return what the keys of the lease begin with that lets one worker probe a destination."""
    return f"{SHARED}:probe:{destination}"


def lease(home: str) -> str:
    """Return the key of the lease on a shard, an intake or a probe."""
    return f"{home}:lease"


def fence(home: str) -> str:
    """Return the key of the last fencing number of such leases."""
    return f"{home}:fence"


def owner(home: str) -> str:
    """Return the key of who has a shard or an intake, and when one went without giving it back."""
    return f"{home}:owner"


def suspects(home: str) -> str:
    """Return the key of what was in flight when owners of a shard or an intake went so."""
    return f"{home}:suspects"


def position(kind: str, queue: str) -> str:
    """Return the key that counts the arrivals of an intake that were handed off."""
    return f"{intake(kind, queue)}:position"


def returned(stream: str) -> str:
    """Return the key of what is being put back from the shelf onto a stream."""
    return f"{intake('stream', stream)}:returned"


def member(owner: str) -> str:
    """Return the key of what a worker process says of itself."""
    return f"{SHARED}:member:{owner}"


def rate(lane: str) -> str:
    """Return the key of a destination's rate limit."""
    return f"{SHARED}:rate:{lane}"


def lane(number: int, name: str) -> str:
    """Return the key of a shard's lane."""
    return f"{shard(number)}:lane:{name}"


def dead(number: int, name: str) -> str:
    """Return the key of a shard's dead letters of one lane."""
    return f"{shard(number)}:dead:{name}"


def tries(number: int, name: str) -> str:
    """Return the key of the attempts of a lane's failing entries."""
    return f"{shard(number)}:tries:{name}"


def shelf(number: int) -> str:
    """Return the key of a shard's shelf."""
    return f"{shard(number)}:shelf"


def dictionaries(number: int) -> str:
    """Return the key of what a shard's entries are unpacked with, beside what ships."""
    return f"{shard(number)}:dictionaries"


def marks(number: int) -> str:
    """Return what the keys of a shard's own marks begin with, on a Cluster."""
    return f"{shard(number)}:marks"


def taken(number: int) -> str:
    """Return the key of how far a shard took what intakes brought it, on a Cluster."""
    return f"{shard(number)}:taken"


def never(number: int) -> str:
    """Return a shard's key that never is: a Cluster runs no script with it on half a shard."""
    return f"{shard(number)}:never"


def ledger(number: int) -> str:
    """Return the key of a shard's counters."""
    return f"{shard(number)}:ledger"


def hour(number: int, now_ms: int) -> str:
    """Return the key of a shard's counters of the hour that `now_ms` is in."""
    return f"{shard(number)}:hour:{now_ms // HOUR_MS}"


def oddities(now_ms: int) -> str:
    """Return the key of what was odd in events on the day that `now_ms` is in."""
    return f"{SHARED}:oddities:{now_ms // DAY_MS}"
