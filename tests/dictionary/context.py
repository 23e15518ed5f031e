"""What SDKs say about the circumstances of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.dictionary.sdks import Sdk
    from tests.dictionary.values import Values

_CATEGORIES = ("Advertising", "Analytics", "Functional", "DataSharing")
_WORN = (
    {"name": "iOS", "version": "17.5.1"},
    {"name": "Android", "version": "14"},
    {"name": "iPhone OS", "version": "16.1.3"},
    {"name": "iOS", "version": "18.5"},
)
_PHONES = (("Apple", "iPhone15,2", "ios"), ("Apple", "iPhone14,5", "ios"),
           ("Google", "Pixel 8", "android"), ("samsung", "SM-S918B", "android"))  # fmt: skip
_SEARCHES = (
    "",
    "",
    "",
    "",
    "?utm_source={s}&utm_medium={m}&utm_campaign={w}",
    "?utm_source={s}&utm_medium={m}",
    "?ref={w}",
    "?q={w}",
    "?utm_source={s}&utm_medium={m}&utm_campaign={w}&utm_term={w}&utm_content={w}&gclid={w}",
)


class Context:
    """Makes the context of one event of an SDK."""

    def __init__(self, values: Values, sdk: Sdk) -> None:
        self._values = values
        self._sdk = sdk
        self._makers = {
            "active": lambda: True,
            "app": self._app,
            "autoTrack": self._auto_track,
            "campaign": self._campaign,
            "clientIds": dict,
            "consent": self._consent,
            "consentManagement": self._consent_management,
            "device": self._device,
            "groupId": values.some_id,
            "instanceId": values.uuid,
            "ip": values.address_of_net,
            "library": lambda: values.chance.choice(sdk.libraries),
            "locale": lambda: values.fixed("locale"),
            "location": dict,
            "network": self._network,
            "os": self._os,
            "page": self._page,
            "referrer": lambda: {"id": values.digits(16), "type": values.word()},
            "screen": self._screen,
            "sessionId": lambda: values.chance.randrange(*_SESSIONS),
            "sessionStart": lambda: True,
            "timezone": self._timezone,
            "ua-ch": self._ua_ch,
            "userAgent": lambda: values.fixed("userAgent"),
            "userAgentData": self._agent_data,
        }

    def made(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return a context for an event with these fields."""
        made: dict[str, Any] = {}
        for key in self._values.chance.choice(self._sdk.contexts).split():
            name = key.rstrip("?")
            if name != key and self._values.often(0.5):
                continue
            if name == "traits":
                made[name] = self._traits(fields)
            else:
                made[name] = (
                    self._sdk.fixed[name] if name in self._sdk.fixed else self._makers[name]()
                )
        return made

    def _traits(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["type"] == "identify" and self._values.often(0.7):
            return dict(fields["traits"])
        if self._values.often(0.4):
            return {}
        return {key: self._values.of(key) for key in ("email", "name", "plan")}

    def _app(self) -> dict[str, Any]:
        values = self._values
        return {
            "name": values.title(),
            "version": values.version(),
            "build": values.of("build"),
            "namespace": f"com.{values.word()}.{values.word()}",
        }

    def _auto_track(self) -> dict[str, Any]:
        return {"page": {"pageViewId": self._values.uuid()}}

    def _campaign(self) -> dict[str, Any]:
        return {} if self._values.often(0.4) else dict(self._values.of("campaign"))

    def _consent(self) -> dict[str, Any]:
        names = _CATEGORIES[: self._values.chance.choice([2, 3, 4, 4])]
        return {"categoryPreferences": {name: self._values.often(0.5) for name in names}}

    def _consent_management(self) -> dict[str, Any]:
        names = ("analytics", "functional", "advertising", "data_sharing")
        allowed = [name for name in names if self._values.often(0.5)]
        denied = [name for name in names if name not in allowed]
        return {"deniedConsentIds": denied, "allowedConsentIds": allowed, "provider": "custom"}

    def _device(self) -> dict[str, Any]:
        values = self._values
        maker, model, system = values.chance.choice(_PHONES)
        made = {"id": values.uuid().upper() if values.often(0.7) else values.uuid()}
        tracked = {"advertisingId": values.uuid().upper(), "adTrackingEnabled": values.often(0.5)}
        return values.chance.choice(
            [
                made
                | {"manufacturer": maker, "model": model, "name": values.word(), "type": system},
                made | {"manufacturer": maker, "model": model, "type": system, **tracked},
                made | {"type": system, "model": model, **tracked},
                made
                | tracked
                | {
                    "manufacturer": maker,
                    "model": model,
                    "name": values.word(),
                    "type": system,
                    "token": values.digits(64),
                },
            ]
        )

    def _network(self) -> dict[str, Any]:
        wifi = self._values.often(0.5)
        carrier = self._values.chance.choice(
            ["T-Mobile US", "T-Mobile", "Verizon", "Vodafone", "AT&T"]
        )
        return self._values.chance.choice(
            [
                {"bluetooth": False, "carrier": carrier, "cellular": not wifi, "wifi": wifi},
                {"carrier": carrier, "wifi": wifi},
                {"cellular": not wifi, "wifi": wifi},
            ]
        )

    def _os(self) -> dict[str, Any]:
        return (
            {"name": "", "version": ""} if self._sdk.rudder else self._values.chance.choice(_WORN)
        )

    def _page(self) -> dict[str, Any]:
        values = self._values
        url = values.url()
        path = "/" if values.often(0.3) else "/" + url.split("/", 3)[3]
        search = values.chance.choice(_SEARCHES).format(
            s=values.of("campaign_source"), m=values.of("campaign_medium"), w=values.word()
        )
        url = "/".join(url.split("/", 3)[:3]) + path + search
        title = values.of("title") if values.often(0.5) else f"{values.title()} | {values.title()}"
        referrer = values.of("referrer")
        if not self._sdk.rudder:
            return {
                "path": path,
                "referrer": referrer,
                "search": search,
                "title": title,
                "url": url,
            }
        referrer = referrer or "$direct"
        domain = referrer.split("/")[2] if "/" in referrer else ""
        return {"path": path, "referrer": referrer, "referring_domain": domain, "search": search,
                "title": title, "url": url, "tab_url": url, "initial_referrer": referrer,
                "initial_referring_domain": domain}  # fmt: skip

    def _screen(self) -> dict[str, Any]:
        width, height, density = self._values.chance.choice(
            [(1280, 720, 1), (1440, 900, 2), (1920, 1080, 1), (1536, 864, 1.25), (393, 852, 3),
             (390, 844, 3), (412, 915, 2.625), (320, 568, 2)])  # fmt: skip
        made = {"width": width, "height": height, "density": density}
        return made | ({"innerWidth": width, "innerHeight": height} if self._sdk.rudder else {})

    def _timezone(self) -> str:
        if self._sdk.rudder:
            return self._values.chance.choice(
                ["GMT-0500", "GMT-0800", "GMT-0300", "GMT+0100", "GMT+0900"]
            )
        return str(self._values.fixed("timezone"))

    def _brands(self, suffix: str) -> list[dict[str, str]]:
        version = str(self._values.chance.randrange(112, 161))
        nobody = self._values.chance.choice(
            [("Not:A-Brand", "8"), ("Not-A.Brand", "24"), ("Not)A;Brand", "99")]
        )
        brands = [("Chromium", version)]
        if self._values.often(0.7):
            brands = [("Google Chrome", version), *brands]
        brands = [nobody, *reversed(brands)] if self._values.often(0.6) else [*brands, nobody]
        return [{"brand": name, "version": number + suffix} for name, number in brands]

    def _agent_data(self) -> dict[str, Any]:
        return {
            "brands": self._brands(""),
            "mobile": self._values.often(0.3),
            "platform": self._values.fixed("platform"),
        }

    def _ua_ch(self) -> dict[str, Any]:
        return {
            "architecture": self._values.chance.choice(["x86", "arm"]),
            "bitness": "64",
            "brands": self._brands(""),
            "fullVersionList": self._brands(".0.0.0"),
            "mobile": self._values.often(0.3),
            "model": "",
            "platform": self._values.fixed("platform"),
            "platformVersion": self._values.version(),
            "uaFullVersion": "",
            "wow64": False,
        }


_SESSIONS = (1_767_225_600_000, 1_900_000_000_000)
