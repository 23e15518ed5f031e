"""Slack keeps the contract, and posts what it should."""

import json
from typing import ClassVar

import pytest
from slack import Slack, SlackSettings

from destinations import Delivered
from destinations.conformance import AdapterContract, Vendor, a_delivery, drive


class TestSlack(AdapterContract):
    """Slack keeps the contract, as far as Slack allows."""

    waive: ClassVar = {"deliveries_are_told_apart": "Slack knows no idempotency keys"}

    @pytest.fixture
    def adapter(self) -> Slack:
        """Return a Slack with the least settings."""
        return Slack(SlackSettings(hook="https://hooks.slack.test/T0/B0"))

    def test_posts_one_line(self, adapter: Slack) -> None:
        """The event's name becomes the line."""
        vendor, delivery = Vendor(200), a_delivery(event="Order Completed")

        assert drive(adapter, [delivery], vendor) == {delivery: Delivered()}
        assert json.loads(vendor.sent[0].content) == {"text": ":zap: Order Completed"}
