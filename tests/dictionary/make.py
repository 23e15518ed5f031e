"""Make the compression dictionary that ships with the store, from synthetic events.

Run `python tests/dictionary/make.py router/store/dictionary-1.zdict`. A dictionary holds values
whole, so every value here is made up; only the shapes are real. Entries name the dictionary that
packed them, so a better one gets the next number and the old one stays.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import orjson
import zstandard

SIZE = 16 * 1024
SAMPLES = 4_000
_R = random.Random(20)  # noqa: S311 - made-up values, the same ones each time


def _hex(digits: int) -> str:
    return f"{_R.getrandbits(4 * digits):0{digits}x}"


def _uuid() -> str:
    return f"{_hex(8)}-{_hex(4)}-4{_hex(3)}-a{_hex(3)}-{_hex(12)}"


def _time() -> str:
    return (
        f"202{_R.randrange(6, 10)}-{_R.randrange(1, 13):02}-{_R.randrange(1, 29):02}T"
        f"{_R.randrange(24):02}:{_R.randrange(60):02}:{_R.randrange(60):02}.{_R.randrange(1000):03}Z"
    )


def _word() -> str:
    return "".join(_R.choice("bcdfghklmnprstvw") + _R.choice("aeiou") for _ in range(_R.randrange(2, 5)))


def _page() -> dict[str, Any]:
    path = f"/{_word()}/{_word()}"
    url = f"https://www.{_word()}.example{path}"
    return {"path": path, "referrer": f"https://{_word()}.example/", "search": f"?utm_source={_word()}&utm_medium=email&utm_campaign={_word()}",
            "title": _word().title(), "url": url, "tab_url": url, "initial_referrer": "$direct", "initial_referring_domain": "", "referring_domain": f"{_word()}.example"}  # fmt: skip


def _product() -> dict[str, Any]:
    return {"product_id": _hex(24), "sku": f"{_R.randrange(10**5)}-{_R.randrange(99)}", "name": _word().title(), "price": _R.randrange(9999) / 100,
            "quantity": _R.randrange(1, 9), "category": _word().title(), "brand": _word().title(), "variant": _word(), "coupon": _word().upper(),
            "position": _R.randrange(9), "currency": _R.choice(["USD", "EUR", "GBP"]), "url": f"https://{_word()}.example/p/{_hex(8)}", "image_url": f"https://{_word()}.example/i/{_hex(8)}.jpg"}  # fmt: skip


def _agent() -> str:
    system = _R.choice(["Macintosh; Intel Mac OS X 10_15_7", "Windows NT 10.0; Win64; x64", "X11; Linux x86_64", "iPhone; CPU iPhone OS 17_5 like Mac OS X", "Linux; Android 14; Pixel 8"])
    version = f"{_R.randrange(100, 160)}.0.0.0"
    return f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version} Safari/537.36"


def _context() -> dict[str, Any]:
    browser = {
        "library": {"name": "analytics.js", "version": f"npm:next-1.{_R.randrange(99)}.{_R.randrange(9)}"}, "page": _page(), "userAgent": _agent(),
        "userAgentData": {"brands": [{"brand": "Not:A-Brand", "version": "8"}, {"brand": "Chromium", "version": str(_R.randrange(100, 160))}, {"brand": "Google Chrome", "version": str(_R.randrange(100, 160))}], "mobile": False, "platform": _R.choice(["macOS", "Windows", "Linux", "Android"])},
        "locale": _R.choice(["en-US", "de-DE", "fr-FR", "es-ES", "pt-BR", "ja-JP"]), "timezone": _R.choice(["America/New_York", "Europe/Berlin", "Asia/Tokyo"]), "ip": f"203.0.113.{_R.randrange(255)}",
        "campaign": {"source": _word(), "medium": "email", "name": _word(), "term": _word(), "content": _word()}, "traits": {"email": f"{_word()}@{_word()}.example"},
        "consent": {"categoryPreferences": {"analytics": True, "advertising": False, "functional": True}}, "sessionId": _R.randrange(10**12, 10**13), "screen": {"width": 1280, "height": 720, "density": 2, "innerWidth": 1280, "innerHeight": 720}}  # fmt: skip
    server = {
        "library": _R.choice([{"name": "@segment/analytics-node", "version": "3.1.0"}, {"name": "analytics-python", "version": "2.4.0"}, {"name": "analytics-ruby", "version": "2.4.0"}, {"name": "RudderLabs JavaScript SDK", "version": "3.34.1"}, {"name": "@jitsu/js", "version": "1.11.0", "env": "node"}]),
        "app": {"name": _word().title(), "version": f"{_R.randrange(9)}.{_R.randrange(9)}.{_R.randrange(9)}", "build": str(_R.randrange(999)), "namespace": f"com.{_word()}.app"},
        "device": {"id": _uuid().upper(), "manufacturer": "Apple", "model": "iPhone15,2", "type": "ios"}, "os": {"name": "iOS", "version": "17.5"}, "network": {"carrier": _word(), "cellular": False, "wifi": True}, "clientIds": {}, "groupId": _hex(8)}  # fmt: skip
    return {key: value for key, value in (browser if _R.random() < 0.6 else server).items() if _R.random() < 0.9}


_TRACKS = ["Product Viewed", "Product Added", "Product List Viewed", "Order Completed", "Checkout Started", "Signed Up", "Cart Viewed", "Products Searched", "Coupon Applied", "Payment Info Entered"]


def _event() -> dict[str, Any]:
    kind = _R.choice(["track"] * 6 + ["page", "identify", "group", "screen", "alias"])
    event: dict[str, Any] = {"timestamp": _time(), "integrations": _R.choice([{}, {"All": True}, {"Segment.io": True}]), "type": kind}
    if kind == "track":
        event |= {"event": _R.choice(_TRACKS), "properties": {"order_id": _hex(24), "checkout_id": _hex(12), "affiliation": _word(), "total": 27.5, "subtotal": 22.5, "revenue": 25.0, "shipping": 3, "tax": 2, "discount": 2.5, "coupon": _word(), "currency": "USD", "products": [_product() for _ in range(_R.randrange(3))], **_product()}}
    elif kind in ("page", "screen"):
        event |= {"name": _word().title(), "category": _word(), "properties": _page()}
    else:
        event |= {"traits": {"email": f"{_word()}@{_word()}.example", "firstName": _word().title(), "lastName": _word().title(), "phone": f"+1555{_R.randrange(10**7):07}", "plan": "premium", "createdAt": _time(), "company": {"id": _hex(8), "name": _word().title(), "industry": _word(), "employee_count": _R.randrange(500)}, "address": {"city": _word().title(), "country": "US", "postalCode": "10001", "state": "NY", "street": _word()}}}
        event |= {"group": {"groupId": _hex(8)}, "alias": {"previousId": _uuid()}}.get(kind, {})
    now = _time()
    event |= {"context": _context(), "messageId": f"ajs-next-{_R.randrange(10**13)}-{_uuid()}", "anonymousId": _uuid(), "userId": _R.choice([None, _hex(24)]), "sentAt": now, "originalTimestamp": now, "receivedAt": now, "channel": "web"}
    return event


def _sample() -> bytes:
    event = _event()
    envelope = [event["messageId"], event["type"], "default", 1_790_000_000_000 + _R.randrange(10**10), _hex(16),
                [], {"categories": {"analytics": True, "advertising": False}}, None]  # fmt: skip
    return orjson.dumps(envelope) + b"\n" + orjson.dumps(event)


if __name__ == "__main__":
    trained = zstandard.train_dictionary(SIZE, [_sample() for _ in range(SAMPLES)], dict_id=1, level=3)
    Path(sys.argv[1]).write_bytes(trained.as_bytes())
