"""Mixpanel: events to `/import`, people to `/engage`, groups to `/groups`, ids to `/track`.

An exchange makes at most one call of each kind (more when a limit of Mixpanel is reached). Ids
come first, so that a device is joined to its user before the user's events arrive. The meaning
is that of Segment's own "Mixpanel (Actions)" destination with its default mappings, save for the
`DIFFERENCES`.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr, field_validator

from destinations.contract import Adapter, Batch, Call, Judgement, Known, Requests, Settings
from destinations.endpoint import Endpoint
from destinations.mixpanel import profiles
from destinations.mixpanel.answers import judge_answer
from destinations.mixpanel.events import EventItems
from destinations.mixpanel.load import MAX_BYTES, MAX_ITEMS, Load
from destinations.outcome import Delivered, Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from destinations.delivery import Delivery

DIFFERENCES = {
    "$source": "`destination-router`, not `segment`: the project can see who sent what",
    "mp_lib": "the library's own name, without `Segment Actions:` before it",
    "$referrer": "left out when it is empty, in batches too",
    "$insert_id": "a hash where Segment's would be refused (longer than 36, or with a `:`)",
    "identity": "a property called `distinct_id` or `time` never replaces the event's own",
    "unnamed": "an unnamed page or screen is `Viewed Page` or `Viewed Screen`, not `Viewed `",
    "group_key": "events carry the group under the configured key too, not only in `$group_id`",
    "alias": "is sent (`$create_alias`); Segment has no default mapping for it",
    "profiles": "JSON lists of up to 2,000 with per-item answers, not one form for each event",
    "ip": "`/engage` is told not to take the sender's address for the person's",
}
"""Where this adapter leaves what Segment does, and why."""

REGIONS = {"us": "api", "eu": "api-eu", "in": "api-in"}


class ServiceAccount(Settings):
    """A Mixpanel service account that may import into the project."""

    username: str = Field(description="User name of the service account.")
    password: SecretStr = Field(description="Secret of the service account.")
    project_id: int = Field(gt=0, description="Id of the project, from its settings page.")


class MixpanelSettings(Settings):
    """Which Mixpanel project gets the events, and how it wants them."""

    token: SecretStr = Field(description="Project token.")
    api_secret: SecretStr | None = Field(
        None, description="Project secret; without it and a service account, the token is used."
    )
    service_account: ServiceAccount | None = Field(
        None, description="Service account to import with, in place of the project secret."
    )
    region: Literal["us", "eu", "in"] = Field("us", description="Where the project's data live.")
    endpoint: str | None = Field(
        None, description="Another address in place of the region's, for a proxy or a test."
    )
    group_key: str = Field(
        "$group_id", min_length=1, description="Group key, as in the project's settings."
    )
    purchases: bool = Field(
        default=True,
        description="Send `Product Purchased` for each product of an `Order Completed`.",
    )
    alias: Literal["create_alias", "merge"] = Field(
        "create_alias", description="What an alias becomes; a merge cannot be undone."
    )
    source_name: str | None = Field(
        None, description="Sent as `segment_source_name` with each event."
    )

    @field_validator("endpoint")
    @classmethod
    def _is_a_url(cls, endpoint: str | None) -> str | None:
        if endpoint and Endpoint(endpoint).url.query:
            raise ValueError("an endpoint has no query")
        return endpoint


class Mixpanel(Adapter[MixpanelSettings]):
    """Sends events, people and groups to a Mixpanel project."""

    Settings = MixpanelSettings
    name = "Mixpanel"
    aliases = frozenset({"Mixpanel (Actions)", "Actions Mixpanel", "Mixpanel (Legacy)"})
    batch = Batch(events=MAX_ITEMS, bytes=MAX_BYTES, in_order=True)

    def __init__(self, settings: MixpanelSettings) -> None:
        super().__init__(settings)
        base = settings.endpoint or f"https://{REGIONS[settings.region]}.mixpanel.com"
        base = base.rstrip("/")
        account = settings.service_account
        project = f"&project_id={account.project_id}" if account else ""
        headers = {"authorization": _authorization(settings)}
        self._ids = Endpoint(f"{base}/track?verbose=1")
        self._events = Endpoint(f"{base}/import?strict=1{project}", headers)
        self._people = Endpoint(f"{base}/engage?ip=0&strict=1&verbose=1")
        self._groups = Endpoint(f"{base}/groups?strict=1&verbose=1")
        self._token = settings.token.get_secret_value()
        self._items = EventItems(
            group_key=settings.group_key,
            source_name=settings.source_name,
            purchases=settings.purchases,
        )

    def requests(self, deliveries: Sequence[Delivery]) -> Requests:
        """Yield the calls that carry the deliveries, a delivery once for each of its items."""
        loads = (Load(self._ids), Load(self._events), Load(self._people), Load(self._groups))
        for delivery in deliveries:
            if known := self._load(delivery, *loads):
                yield known
        for load in loads:
            yield from load.calls()

    def judge(self, call: Call, response: httpx.Response) -> Judgement:
        """Read Mixpanel's verdict on each item."""
        return judge_answer(call, response)

    def _load(
        self, delivery: Delivery, ids: Load, events: Load, people: Load, groups: Load
    ) -> Known | None:
        payload = delivery.payload
        match delivery.type:
            case "identify":
                update = profiles.person(payload, self._token)
                linked = profiles.link(payload, self._token)
                if linked:
                    ids.add(linked, delivery)
                if update is None and linked:
                    return None
                load = people
            case "group":
                update = profiles.group(payload, self._token, self.settings.group_key)
                load = groups
            case "alias":
                merge = self.settings.alias == "merge"
                update = profiles.alias(delivery, self._token, merge=merge)
                load = events if merge else ids
            case _:
                return self._load_event(delivery, events)
        if update is None:
            return Known(delivery, Delivered())
        if isinstance(update, Rejected):
            return Known(delivery, update)
        load.add(update, delivery)
        return None

    def _load_event(self, delivery: Delivery, events: Load) -> Known | None:
        items = self._items.of(delivery)
        if isinstance(items, Rejected):
            return Known(delivery, items)
        for item in items:
            events.add(item, delivery)
        return None


def _authorization(settings: MixpanelSettings) -> str:
    if account := settings.service_account:
        pair = f"{account.username}:{account.password.get_secret_value()}"
    else:
        pair = f"{(settings.api_secret or settings.token).get_secret_value()}:"
    return f"Basic {b64encode(pair.encode()).decode()}"
