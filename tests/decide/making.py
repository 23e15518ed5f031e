"""Configurations, routes and policies for tests, short to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from destinations import Adapter
from router.decide.policy.policy import Policy, compile_policy
from router.decide.routes import Routes, compile_routes
from tests.events.making import event

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEY = b"a key that only tests use, 32 byt"

__all__ = ["KEY", "event"]


@dataclass(frozen=True)
class Tcf:
    """What a destination needs of a TCF string."""

    vendor: int
    purposes: tuple[int, ...] = ()
    legitimate_interest: tuple[int, ...] = ()


@dataclass(frozen=True)
class Needs:
    """A destination's consent section."""

    require: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    not_required: str | None = None
    provider: str | None = None
    tcf: Tcf | None = None
    google: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matcher:
    """The match of a rule that is more than a path."""

    path: str | None = None
    keys: tuple[str, ...] = ()
    detect: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A privacy rule."""

    match: str | Matcher
    do: str
    as_: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Privacy:
    """A privacy section."""

    rules: tuple[Rule, ...] = ()
    default: str = "keep"
    token_root: bytes | None = None


@dataclass(frozen=True)
class Hashing:
    """The values that a step hashes."""

    paths: tuple[str, ...]
    secret: bytes = b""
    encoding: str = "hex"


@dataclass(frozen=True)
class Step:
    """A step of a transformation."""

    if_: str | None = None
    rename_event: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    copy_: Mapping[str, str] = field(default_factory=dict)
    set_: Mapping[str, Any] = field(default_factory=dict)
    hash_: Hashing | None = None
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class From:
    """A source's section."""

    transform: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Sift:
    """A filter of a destination."""

    do: str
    if_: str = "all"
    percent: float | None = None
    path: str | None = None
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class To:
    """A destination's section."""

    type: str = "crm"
    known_as: tuple[str, ...] = ()
    sources: tuple[str, ...] | None = None
    events: str | None = None
    filters: tuple[Sift, ...] = ()
    uses: tuple[str, ...] | None = None
    consent: Needs | None = None
    privacy: Privacy | None = None
    transform: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Consents:
    """The consent section."""

    categories: tuple[str, ...] = ()
    missing: str = "deny"
    compat: str | None = None


@dataclass(frozen=True)
class Pii:
    """The pii section."""

    trusted: tuple[str, ...] | None = None
    free_text: str = "search"


@dataclass(frozen=True)
class Config:
    """A configuration, as far as deciding reads it."""

    destinations: Mapping[str, To]
    consent: Consents = field(default_factory=Consents)
    pii: Pii = field(default_factory=Pii)
    sources: Mapping[str, From] = field(default_factory=dict)


class Crm(Adapter[Any]):
    """An adapter with a name and an alias, for all types."""

    name = "Salesforce"
    aliases = frozenset({"Salesforce (Actions)"})


class TrackOnly(Adapter[Any]):
    """An adapter that understands track calls alone."""

    name = "Google Analytics 4"
    accepts = frozenset({"track"})


class Store(Adapter[Any]):
    """An adapter for a warehouse."""

    name = "Warehouse"
    aliases = frozenset({"Warehouses"})


ADAPTERS: dict[str, type[Adapter[Any]]] = {"crm": Crm, "ga": TrackOnly, "store": Store}


def routes(
    *,
    consent: Consents | None = None,
    trusted: tuple[str, ...] | None = None,
    first: tuple[Step, ...] = (),
    **to: To,
) -> Routes:
    """Compile routes to these destinations; an underscore in a name becomes a dash.

    `first` are the steps of the source `default`.
    """
    named = {name.replace("_", "-"): section for name, section in to.items()}
    config = Config(named, consent or Consents(), Pii(trusted), {"default": From(first)})
    return compile_routes(config, ADAPTERS, KEY)


Match: TypeAlias = "str | tuple[str, ...] | Matcher"


def rule(match: Match, do: str) -> Rule:
    """Return a rule; a tuple is of kinds, and `hash as meta.em in US` names vendor and country."""
    words = do.split()
    named = dict(zip(words[1::2], words[2::2], strict=True))
    matcher = Matcher(detect=match) if isinstance(match, tuple) else match
    return Rule(matcher, words[0], named.get("as"), named.get("in"))


def rules(
    *pairs: tuple[Match, str], default: str = "keep", token_root: bytes | None = None
) -> Privacy:
    """Return a privacy section; a tuple of kinds is a rule by value."""
    return Privacy(tuple(rule(match, do) for match, do in pairs), default, token_root)


def policy(
    *pairs: tuple[Match, str],
    default: str = "keep",
    trusted: bool = True,
    name: str = "crm",
    key: bytes = KEY,
    token_root: bytes | None = None,
    hides_free_text: bool = False,
) -> Policy:
    """Compile the policy of these rules."""
    return compile_policy(
        name=name,
        display_name="Salesforce",
        names=frozenset({name, "Salesforce"}),
        privacy=rules(*pairs, default=default, token_root=token_root),
        trusted=trusted,
        key=key,
        hides_free_text=hides_free_text,
    )


def strip(policy_: Policy, **data: Any) -> dict[str, Any]:
    """Return what a policy leaves of these fields; the envelope is left out."""
    left = policy_.strip({"type": "track", "messageId": "m1", "timestamp": "t", **data}).payload
    assert {"type", "messageId", "timestamp"} <= left.keys()
    return {key: left[key] for key in left.keys() - {"type", "messageId", "timestamp"}}
