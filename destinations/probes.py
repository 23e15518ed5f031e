"""Probes: the odd, hostile and recognisable things that the laws of conformance hand an adapter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

import orjson
from pydantic import BaseModel, SecretStr

from destinations.delivery import Delivery
from destinations.rehearsal import NOON, a_delivery

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary_5f0c"
"""A value to look for where no value may be; it could pass for a reason's code."""

HOSTILE = (
    "https://evil.test/",
    "//evil.test",
    "@evil.test/",
    "../../../evil.test",
    "x\r\nHost: evil.test\r\n\r\n",
    "\\evil.test#?&%00",
)
"""Values that try to reach another host."""


def again(delivery: Delivery, *, attempt: int = 1, **fields: Any) -> Delivery:
    """Return a fresh delivery of the same event, with these fields instead or besides."""
    payload = {**delivery.payload, **fields}
    return Delivery(
        body=orjson.dumps(payload),
        destination=delivery.destination,
        message_id=str(payload.get("messageId", delivery.message_id)),
        type=delivery.type,
        source=delivery.source,
        received_at=delivery.received_at,
        options=delivery.options,
        attempt=attempt,
        attempted_at=NOON + (attempt - 1) * 60_000,
    )


def filled_with(text: str, delivery: Delivery) -> Delivery:
    """Return the delivery with every text of its event replaced, but for type and time."""
    kept = {"type", "timestamp"}
    payload = delivery.payload
    return again(delivery, **{k: _filled(text, v) for k, v in payload.items() if k not in kept})


def _filled(text: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(text, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(text, inner) for inner in value]
    return text if isinstance(value, str) else value


def secrets_of(value: object) -> Iterator[str]:
    """Yield every secret in settings, however deep."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from secrets_of(getattr(value, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from secrets_of(inner)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for inner in value:
            yield from secrets_of(inner)


def undescribed(settings: type[BaseModel]) -> list[str]:
    """Return the names of the settings that have no description, of nested ones as well."""
    bare = []
    for name, field in settings.model_fields.items():
        if not (field.description or "").strip():
            bare.append(name)
        for nested in _models_in(field.annotation):
            bare += [f"{name}.{inner}" for inner in undescribed(nested)]
    return bare


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def odd_payloads(type: str) -> list[dict[str, Any]]:  # noqa: A002 - the spec's word
    """Return payloads of a type that nobody expects and somebody sends."""
    deep: Any = "end"
    for _ in range(60):
        deep = {"down": [deep]}
    bare = {"type": type, "messageId": "odd"}
    full = dict(a_delivery(type).payload)
    nulls = {key: value if key in bare else None for key, value in full.items()}
    ids = ("userId", "anonymousId", "groupId", "previousId")
    whole = ("properties", "traits", "context")
    return [
        bare,
        nulls,
        {**full, **{key: [] for key in whole}},
        {**full, **dict.fromkeys(whole, "text")},
        {**full, **{key: {"a": [1]} for key in ids}},
        {**full, "userId": 12, "anonymousId": False, "event": 3.5, "name": ["x"], "groupId": 0},
        {**full, "userId": "", "anonymousId": "", "event": "", "name": "", "groupId": ""},
        {**full, "timestamp": "yesterday", "sentAt": 0, "originalTimestamp": [None]},
        {**full, "properties": {"deep": deep}, "traits": {"deep": deep}},
        {**full, "properties": _ODD_FIELDS, "traits": _ODD_FIELDS, "context": _ODD_FIELDS},
        {**full, "event": "\0\u202e\U0001f600\x1b[2J", "name": "😀" * 300, "userId": "ü\r\n" * 99},
        {**full, "integrations": {"All": "maybe", "rehearsal": [None]}},
    ]


_ODD_FIELDS: dict[str, Any] = {
    "": None,
    "$set": {"$set": {}},
    "a.b": {"c.d": 1e308},
    "big": 2**63,
    "revenue": "12,50 €",
    "price": {"amount": None},
    "email": ["a@example.com", None],
    "products": [None, 1, {}, {"price": "free", "quantity": -1}],
    "page": "nowhere",
    "device": None,
    "ip": 7,
    "😀": "\ufffd",
}
