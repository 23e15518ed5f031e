"""Track, page and screen events as the items that `/import` takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from destinations.mixpanel.browsers import browser_of
from destinations.mixpanel.ids import identifier, insert_id, object_at
from destinations.outcome import Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from destinations.delivery import Delivery

Item = dict[str, Any]

_CONTEXT = (
    ("ip", "ip"), ("groupId", "$group_id"), ("locale", "$locale"), ("timezone", "timezone"),
)  # fmt: skip
_SECTIONS = (
    ("app", (("build", "$app_build_number"), ("version", "$app_version_string"),
             ("namespace", "$app_namespace"), ("name", "$app_name"),
             ("platform", "app_platform"))),
    ("campaign", (("name", "utm_campaign"), ("source", "utm_source"), ("medium", "utm_medium"),
                  ("term", "utm_term"), ("content", "utm_content"))),
    ("device", (("name", "$device"), ("name", "$device_name"), ("type", "$device_type"),
                ("manufacturer", "$manufacturer"), ("idfa", "$ios_ifa"),
                ("advertisingId", "$ios_ifa"), ("advertisingId", "advertising_id"))),
    ("library", (("name", "mp_lib"), ("version", "$lib_version"))),
    ("location", (("country", "mp_country_code"), ("region", "$region"))),
    ("network", (("bluetooth", "$bluetooth_enabled"), ("cellular", "$cellular_enabled"),
                 ("wifi", "$wifi_enabled"), ("carrier", "$carrier"))),
    ("os", (("name", "$os"), ("version", "$os_version"))),
    ("page", (("url", "$current_url"), ("referrer", "$referrer"))),
    ("screen", (("width", "$screen_width"), ("height", "$screen_height"),
                ("density", "$screen_density"))),
    ("userAgentData", (("mobile", "$mobile"), ("platform", "$platform"),
                       ("architecture", "$architecture"), ("bitness", "$bitness"),
                       ("model", "$model"), ("platformVersion", "$platformVersion"),
                       ("uaFullVersion", "$uaFullVersion"), ("wow64", "$wow64"))),
    ("device", (("model", "$model"),)),
)  # fmt: skip
"""Where Mixpanel's properties come from in `context`; of two for one name the later counts."""
_PRODUCT = ("product_id", "sku", "category", "name", "brand", "variant", "price", "quantity",
            "coupon", "position", "url", "image_url")  # fmt: skip
_ORDER = ("checkout_id", "order_id", "email")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class EventItems:
    """Turns an event into what `/import` takes: one item, and one more for each product bought."""

    def __init__(self, *, group_key: str, source_name: str | None, purchases: bool) -> None:
        self._group_key = group_key
        self._purchases = purchases
        self._constants: Item = {"$source": "destination-router"}
        if source_name:
            self._constants["segment_source_name"] = source_name

    def of(self, delivery: Delivery) -> list[Item] | Rejected:
        """Return the event's items, or why Mixpanel could never take it."""
        payload = delivery.payload
        user, device = identifier(payload.get("userId")), identifier(payload.get("anonymousId"))
        person = user or device
        if person is None:
            return Rejected("no_identity")
        name, original = event_name(delivery.type, payload)
        if name is None:
            return Rejected("no_event_name")
        described = self._described(object_at(payload, "context"))
        described["id"] = person
        if original:
            described["event_original_name"] = original
        identity = _identity(person, user, device)
        identity["time"] = moment(delivery)
        identity["$insert_id"] = insert_id(delivery.message_id)
        own = object_at(payload, "properties")
        items: list[Item] = [{"event": name, "properties": {**described, **own, **identity}}]
        if self._purchases and delivery.type == "track" and name == "Order Completed":
            items.extend(_purchases(delivery, {**described, **identity}, own))
        return items

    def _described(self, context: Mapping[str, Any]) -> Item:
        found = self._constants.copy()
        for key, target in _CONTEXT:
            value = context.get(key)
            if value is not None and value != "":
                found[target] = value
        for section, names in _SECTIONS:
            part = context.get(section)
            if part and isinstance(part, dict):
                for key, target in names:
                    value = part.get(key)
                    if value is not None and value != "":
                        found[target] = value
                if section == "device" and part.get("adTrackingEnabled") is not None:
                    found["ad_tracking_enabled"] = str(part["adTrackingEnabled"]).lower()
        if "$group_id" in found and self._group_key != "$group_id":
            found[self._group_key] = found["$group_id"]
        user_agent = context.get("userAgent")
        if isinstance(user_agent, str) and (browser := browser_of(user_agent)):
            found["$browser"], found["$browser_version"] = browser
        return found


def event_name(kind: str, payload: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the name that Mixpanel shows, and the one that the event came with."""
    if kind == "track":
        event = identifier(payload.get("event"))
        return event, event
    name = identifier(payload.get("name"))
    return f"Viewed {name or kind.capitalize()}", name


def moment(delivery: Delivery) -> int:
    """Return when it happened, in milliseconds of Unix time; when in doubt, when it came in."""
    text = delivery.payload.get("timestamp")
    if not isinstance(text, str):
        return delivery.received_at
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return delivery.received_at
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND


def _identity(person: str, user: str | None, device: str | None) -> Item:
    identity: Item = {"distinct_id": person}
    if user is not None:
        identity["$user_id"] = identity["$identified_id"] = user
    if device is not None:
        identity["$device_id"] = identity["$anon_id"] = device
    return identity


def _purchases(delivery: Delivery, base: Item, order: Mapping[str, Any]) -> Iterator[Item]:
    products = order.get("products")
    if not isinstance(products, list):
        return
    shared = {key: order[key] for key in _ORDER if order.get(key) is not None}
    for index, product in enumerate(products):
        if isinstance(product, dict):
            bought = {key: product[key] for key in _PRODUCT if product.get(key) is not None}
            own_id = insert_id(f"{index}{delivery.message_id}")
            at = base["time"] - 1 - index
            properties = {**base, **shared, **bought, "time": at, "$insert_id": own_id}
            yield {"event": "Product Purchased", "properties": properties}
