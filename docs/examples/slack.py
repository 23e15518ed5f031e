"""Slack: one line in a channel per event."""

from collections.abc import Sequence

from destinations import (
    Adapter,
    Call,
    Delivery,
    Endpoint,
    Field,
    Known,
    Rejected,
    Requests,
    SecretStr,
    Settings,
)


class SlackSettings(Settings):
    """Which channel, and how its lines begin."""

    hook: SecretStr = Field(description="Incoming-webhook URL of the channel.")
    prefix: str = Field(default=":zap:", description="Put before every line.")


class Slack(Adapter[SlackSettings]):
    """Post one line per event to a Slack channel."""

    Settings = SlackSettings
    name = "Slack"
    accepts = frozenset({"track"})

    def __init__(self, settings: SlackSettings) -> None:
        super().__init__(settings)
        self._hook = Endpoint(settings.hook)

    def requests(self, deliveries: Sequence[Delivery]) -> Requests:
        """Yield a line for each event that has a name."""
        for delivery in deliveries:
            if event := delivery.get("event"):
                text = f"{self.settings.prefix} {event}"
                yield Call(self._hook.json({"text": text}), [delivery])
            else:
                yield Known(delivery, Rejected("no_event_name"))
