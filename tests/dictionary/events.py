"""Synthetic events, each in the exact shape of an SDK and with made-up values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.dictionary.context import Context
from tests.dictionary.sdks import SDKS, Sdk
from tests.dictionary.spec import EVENTS, GROUPS, LISTS, PERSONS
from tests.dictionary.values import Values

if TYPE_CHECKING:
    import random

_KINDS = ["track"] * 14 + ["page", "page", "identify", "identify", "group", "screen", "alias"]
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_PERSONAL = ("email", "phone", "firstName", "lastName", "username", "ip", "street")


class Events:
    """Makes events by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.values = Values(chance)
        self._chance = chance
        self._shares = [sdk.share for sdk in SDKS]

    def event(self) -> tuple[dict[str, Any], int]:
        """Return a normalised event, and when it was received."""
        sdk = self._chance.choices(SDKS, self._shares)[0]
        kind = self._chance.choice(_KINDS)
        received = self._chance.randrange(4 * 365 * 86_400_000)
        fields = self._times(received, micros=sdk.micros) | self._ids(kind, sdk, received)
        if sdk.channel:
            fields["channel"] = sdk.channel
        fields |= {"type": kind, **self._said(kind)}
        fields["context"] = Context(self.values, sdk).made(fields)
        if kind == "page" and "page" in fields["context"] and self.values.often(0.7):
            fields["properties"] = {**fields["properties"], **fields["context"]["page"]}
        orders = [order.split() for order in (sdk.identify if kind == "identify" else sdk.orders)]
        fitting = [order for order in orders if fields.keys() <= set(order)] or orders
        order = self._chance.choice(fitting)
        moment = int((_FIRST + timedelta(milliseconds=received)).timestamp() * 1000)
        return {key: fields[key] for key in order if key in fields}, moment

    def tokenised(self, value: Any) -> Any:
        """Return what a destination sees that may not see personal data."""
        if isinstance(value, list):
            return [self.tokenised(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: f"tok_{self.values.digits(4)}_{self.values.digits(32)}"
            if key in _PERSONAL and isinstance(item, str) else self.tokenised(item)
            for key, item in value.items()
        }  # fmt: skip

    def _times(self, received: int, *, micros: bool) -> dict[str, Any]:
        delay, transit = (
            self._chance.choice([1, 5, 20, 500]),
            self._chance.choice([40, 500, 90_000]),
        )
        delay, transit = self._chance.randrange(delay), self._chance.randrange(transit)
        sent = received - transit
        given = _iso(sent - delay)
        offset = f"{self._chance.randrange(1000):03}+00:00"
        return {
            "originalTimestamp": given.replace("Z", "+00:00") if micros else given,
            "sentAt": _iso(sent).replace("Z", offset) if micros else _iso(sent),
            "timestamp": _iso(received - delay), "receivedAt": _iso(received),
        }  # fmt: skip

    def _ids(self, kind: str, sdk: Sdk, received: int) -> dict[str, Any]:
        values = self.values
        ms = 1_767_225_600_000 + received - self._chance.randrange(2000)
        made = {
            "messageId": sdk.message_id.format(
                ms=ms, uuid=values.uuid(), UUID=values.uuid().upper(), base36=values.base36()
            )
        }
        named = kind in ("identify", "alias") or values.often(0.6)
        if named:
            made["userId"] = values.some_id()
        if not named or values.often(0.8):
            made["anonymousId"] = values.uuid()
        if kind == "alias":
            made["previousId"] = values.uuid()
        if kind == "group":
            made["groupId"] = values.some_id()
        return made

    def _said(self, kind: str) -> dict[str, Any]:
        values = self.values
        if kind == "track":
            name, properties = self._chance.choice(EVENTS)
            return {"event": name, "properties": self._object(properties)}
        if kind == "identify":
            return {"traits": self._object(self._chance.choice(PERSONS).split())}
        if kind == "group":
            return {"traits": self._object(self._chance.choice(GROUPS).split())}
        if kind == "alias":
            return {}
        name = values.title()
        made = {"name": name, "properties": {"name": name} if values.often(0.5) else {}}
        return made | ({"category": values.of("category")} if values.often(0.3) else {})

    def _object(self, keys: list[str]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key in keys:
            if not key.endswith("[]"):
                made[key] = self.values.of(key)
                continue
            order = self._chance.choice(LISTS[key[:-2]]).split()
            made[key[:-2]] = [self._object(order) for _ in range(self._chance.randrange(1, 4))]
        return made


def _iso(moment: int) -> str:
    text = (_FIRST + timedelta(milliseconds=moment)).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{text[:-3]}Z"
