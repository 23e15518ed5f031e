"""Consent in time: what a user's statements, whenever they arrive, come to.

A statement is what an event says about consent, dated by when it happened. For each kind of
signal, and for each category by itself, the newest statement counts; of two at the same moment
the stricter. Two rules are stricter than that:

- Global Privacy Control, once seen, stays: the signal is valid for the person, and a browser that
  does not send it takes nothing back (Cal. Code Regs. tit. 11, s. 7025(c)).
- An event that is there to tell a preference, and cannot be read, denies until one that can. On
  any other event what cannot be read denies that event alone: it tells nothing about the user.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import orjson

from router.decide.consent.lasting import decoded_gpp, exempts, lasting
from router.decide.consent.update import ASIDE, is_update, updated
from router.decide.consent.usp import opted_out_of_sale
from router.events.timestamps import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from router.decide.consent.judgement import Consent
    from router.decide.consent.signals import Signals
    from router.decide.consent.update import Asked
    from router.decide.verdict import Skip
    from router.events.event import Event

MOST = 128
"""Signals that are kept of one user, denials before grants, the newest first."""

_BY_NAME = frozenset({"categories", "google"})
"""Kinds whose names each have a time of their own."""
_MALFORMED = ("malformed", None)
_Part: TypeAlias = "tuple[str, str | None]"
"""A kind of signal, and a name within it if it is one of those."""


class Statement(NamedTuple):
    """Signals (see `signals.py`) and the millisecond of Unix time that they are of."""

    at: int
    says: dict[str, Any]


Preference: TypeAlias = tuple[Statement, ...]
"""What is known of a user: the newest statement first, no signal twice; `()` knows nothing."""


def stated(event: Event, said: Signals, asked: Asked = ()) -> Preference:
    """Return what an event with these signals states about its user.

    It is of the event's time, the sender's wrong clock taken out, and never later than it was
    received. `asked` are the categories that destinations need.
    """
    if is_update(event):
        says = {kind: value for kind, value in updated(event, said, asked).items()
                if not exempts(kind, value)}  # fmt: skip
    elif said is not None:
        says = {kind: told for kind, value in said.items()
                if (told := lasting(kind, value)) is not None}  # fmt: skip
    else:
        return ()
    if not says:
        return ()
    happened = milliseconds(event.data.get("timestamp"), [])
    at = event.received_at if happened is None else min(happened, event.received_at)
    return (Statement(at, says),)


def remembered(before: Preference, statement: Preference) -> Preference:
    """Return what is kept of a user after one more statement; `()` keeps nothing.

    Who never denied anything is not remembered, so a denial that arrives late, after grants that
    nobody kept, denies until the next statement: the private reading.
    """
    return merged(before, statement) if before or restricts(statement) else ()


def restricts(preference: Preference) -> bool:
    """Tell whether anything in it may deny a destination: only such users need to be remembered.

    A TCF string may, whatever it holds: that depends on the vendor.
    """
    return any(_denies(part, value) for _, says in preference for part, value in _signals(says))


def merged(*preferences: Preference) -> Preference:
    """Return what several preferences of one user come to, in whatever order they are given."""
    newest: dict[_Part, tuple[int, Any]] = {}
    for preference in preferences:
        for part, dated in _parts(preference).items():
            before = newest.get(part)
            if before is None or _weight(part, dated) > _weight(part, before):
                newest[part] = dated
    doubt = newest.get(_MALFORMED)
    if doubt and any(
        at > doubt[0] for (kind, _), (at, _) in newest.items() if kind == "categories"
    ):
        del newest[_MALFORMED]
    return _preference(newest)


def taken_over(user: Preference, device: Preference) -> Preference:
    """Return what is known of a user whose device is known as well: what it refuses, they refuse.

    It only narrows, so grants stay behind, and so do TCF and GPP strings: what those refuse depends
    on who asks. Whoever is in doubt about all categories stays so.
    """
    left = {"tcf", "gpp", *(("categories",) if _MALFORMED in _parts(user) else ())}
    refused = {part: dated for part, dated in _parts(device).items()
               if part[0] not in left and _denies(part, dated[1])}  # fmt: skip
    return merged(user, _preference(refused)) if refused else user


def known(preference: Preference) -> Signals:
    """Return the preference as signals, for judging; None when nothing is known."""
    signals: dict[str, Any] = {}
    for (kind, name), (_, value) in _parts(preference).items():
        if name is not None:
            signals.setdefault(kind, {})[name] = value
        else:
            signals[kind] = value
    if "malformed" in signals:
        signals.pop("categories", None)
    return signals or None


@lru_cache(maxsize=1024)
def known_in(raw: bytes) -> Signals:
    """Return what is known by a preference as the store keeps it."""
    return known(unpack(raw))


def denied(recheck: Consent, said: Signals, preferences: Sequence[Signals]) -> Skip | None:
    """Return why a destination may not have an event, judged with all that is known of its user.

    Each id of the user has a preference of its own, and each must let it pass: what somebody else
    granted on the same device takes nothing back.
    """
    if not preferences:
        return recheck(said, None)
    verdicts = (recheck(said, each) for each in preferences)
    return next((verdict for verdict in verdicts if verdict is not None), None)


def pack(preference: Preference) -> bytes:
    """Return it as the store keeps it."""
    return orjson.dumps([[at, says] for at, says in preference])


def unpack(raw: bytes) -> Preference:
    """Return what `pack` wrote; what cannot be read is a doubt, of any time, and denies."""
    try:
        return tuple(Statement(int(at), dict(says)) for at, says in orjson.loads(raw))
    except (ValueError, TypeError):
        return (Statement(0, {"malformed": True}),)


def _parts(preference: Preference) -> dict[_Part, tuple[int, Any]]:
    return {part: (at, value) for at, says in preference for part, value in _signals(says)}


def _signals(says: dict[str, Any]) -> Iterator[tuple[_Part, Any]]:
    for kind, value in says.items():
        if kind in _BY_NAME and type(value) is dict:
            yield from (((kind, name), each) for name, each in value.items())
        elif kind not in ASIDE or (kind == "gpc" and value is True):
            yield (kind, None), value


def _preference(parts: dict[_Part, tuple[int, Any]]) -> Preference:
    dated: dict[int, dict[str, Any]] = {}
    for (kind, name), (at, value) in _most(parts):
        says = dated.setdefault(at, {})
        if name is not None:
            says.setdefault(kind, {})[name] = value
        else:
            says[kind] = value
    return tuple(Statement(at, dated[at]) for at in sorted(dated, reverse=True))


def _most(parts: dict[_Part, tuple[int, Any]]) -> Iterable[tuple[_Part, tuple[int, Any]]]:
    if len(parts) <= MOST:
        return parts.items()
    ranked = sorted(parts.items(), key=lambda item: (_denies(item[0], item[1][1]), item[1][0]))
    return ranked[-MOST:]


def _denies(part: _Part, value: Any) -> bool:
    match part[0]:
        case "categories":
            return value is not True
        case "google":
            return bool(value != "granted")
        case "usp":
            return type(value) is not str or opted_out_of_sale(value) is not False
        case "gpp":
            decoded = decoded_gpp(value)
            return decoded is None or bool(decoded.opt_outs or decoded.tcf or decoded.unread)
        case "tcf":
            return type(value) is not dict or value.get("applies") is not False
        case _:
            return True


def _weight(part: _Part, dated: tuple[int, Any]) -> tuple[int, int, bytes]:
    """Return what makes one of two signals count: its time, else its strictness, else its text."""
    at, value = dated
    strict = 2 if value is False else int(_denies(part, value))
    return at, strict, orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
