"""Webhook: events as plain JSON to a URL, signed as Standard Webhooks describe."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from binascii import b2a_base64
from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr, field_validator

from destinations.contract import Adapter, Batch, Call, Requests, Settings
from destinations.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from destinations.delivery import Delivery

_OURS = frozenset({"content-length", "host", "transfer-encoding", "connection"})
_TYPES = {"lines": "application/x-ndjson"}


class WebhookSettings(Settings):
    """What a webhook needs to know: where to, and how to prove who sends."""

    url: SecretStr = Field(description="Where to post; secret, since many a hook's path is.")
    secret: SecretStr | tuple[SecretStr, ...] = Field(
        default=(),
        description="Signing secret, `whsec_` and base64, or any text. While one is replaced,"
        " a list: each signs. Without any, requests are not signed.",
    )
    headers: dict[str, SecretStr] = Field(
        default={}, description="More headers, such as `Authorization`."
    )
    format: Literal["object", "array", "lines"] = Field(
        default="object",
        description="`object`: one event a request, as it is. `array`: always a JSON array,"
        " even of one event. `lines`: always JSON lines.",
    )

    @field_validator("url")
    @classmethod
    def _is_a_url(cls, url: SecretStr) -> SecretStr:
        Endpoint(url)
        return url

    @field_validator("secret")
    @classmethod
    def _are_keys(
        cls, secret: SecretStr | tuple[SecretStr, ...]
    ) -> SecretStr | tuple[SecretStr, ...]:
        for each in _listed(secret):
            _key(each)
        return secret

    @field_validator("headers")
    @classmethod
    def _can_be_sent(cls, headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
        Endpoint("http://localhost", headers)
        for name in headers:
            if name.lower() in _OURS or name.lower().startswith("webhook-"):
                raise ValueError(f"the header {name} is not yours to set")
        return headers


class Webhook(Adapter[WebhookSettings]):
    """Post the delivery's JSON; the receiver tells repetitions by the header `webhook-id`."""

    Settings = WebhookSettings
    name = "Webhook"
    aliases = frozenset({"Webhooks", "Webhooks (Actions)"})

    def __init__(self, settings: WebhookSettings) -> None:
        super().__init__(settings)
        content_type = {"content-type": _TYPES.get(settings.format, "application/json")}
        self._endpoint = Endpoint(settings.url, {**content_type, **settings.headers})
        self._keys = tuple(_key(secret) for secret in _listed(settings.secret))
        if settings.format != "object":
            self.batch = Batch(events=1000, bytes=1_000_000, in_order=True)

    def requests(self, deliveries: Sequence[Delivery]) -> Requests:
        """Yield one request an event, or one for all of them."""
        if self.settings.format == "object":
            for delivery in deliveries:
                key = delivery.idempotency_key.encode()
                yield Call(self._request(delivery, key, delivery.body), (delivery,))
            return
        if self.settings.format == "array":
            body = b"[" + b",".join(delivery.body for delivery in deliveries) + b"]"
        else:
            body = b"".join(delivery.body + b"\n" for delivery in deliveries)
        if deliveries:
            yield Call(self._request(deliveries[0], _key_of_all(deliveries), body), deliveries)

    def _request(self, first: Delivery, key: bytes, body: bytes) -> httpx.Request:
        now = b"%d" % ((first.attempted_at or first.received_at) // 1000)
        headers = [(b"webhook-id", key), (b"webhook-timestamp", now)]
        if self._keys:
            signed = b".".join((key, now, body))
            signatures = [_signature(each, signed) for each in self._keys]
            headers.append((b"webhook-signature", b" ".join(signatures)))
        return self._endpoint.post(body, headers)


def _signature(key: bytes, signed: bytes) -> bytes:
    return b"v1," + b2a_base64(hmac.digest(key, signed, "sha256"), newline=False)


def _key_of_all(deliveries: Sequence[Delivery]) -> bytes:
    """Return the same key for the same deliveries in the same order."""
    keys = "".join(delivery.idempotency_key for delivery in deliveries)
    return hashlib.blake2b(keys.encode(), digest_size=16).hexdigest().encode()


def _listed(secret: SecretStr | tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    return (secret,) if isinstance(secret, SecretStr) else secret


def _key(secret: SecretStr) -> bytes:
    """Return the bytes to sign with: base64 after `whsec_`, else the text itself."""
    text = secret.get_secret_value()
    if text.startswith("whsec_"):
        try:
            key = b64decode(text.removeprefix("whsec_"), validate=True)
        except NotBase64:
            raise ValueError("what follows whsec_ must be base64") from None
    elif text.startswith("whsk_"):
        raise ValueError("asymmetric keys (whsk_) are not supported: use a whsec_ secret")
    else:
        key = text.encode()
    if not key:
        raise ValueError("a signing secret must not be empty")
    return key
