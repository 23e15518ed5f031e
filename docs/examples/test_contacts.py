"""Contacts keeps the contract, and asks before it writes."""

import httpx
import pytest
from contacts import Contacts, ContactsSettings

from destinations import Retry
from destinations.conformance import AdapterContract, Vendor, a_delivery, drive, rehearse


class TestContacts(AdapterContract):
    """Contacts keeps every law."""

    @pytest.fixture
    def adapter(self) -> Contacts:
        """Return one with the least settings."""
        return Contacts(ContactsSettings(key="hidden-key"))

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as a book that knows everybody."""
        return httpx.Response(200, json={"contacts": [{"id": "c/1"}]}, request=request)

    def test_changes_the_contact_that_there_is(self, adapter: Contacts) -> None:
        """The traits go to the id that was found."""
        calls = rehearse(adapter, [a_delivery("identify")], self.answer).calls

        assert [(call.request.method, call.request.url.raw_path) for call in calls] == [
            ("GET", b"/v1/contacts?user=user-1"),
            ("PUT", b"/v1/contacts/c%2F1"),
        ]

    def test_makes_a_contact_for_somebody_new(self, adapter: Contacts) -> None:
        """Who is not in the book is added."""
        vendor = Vendor(json={"contacts": []})
        drive(adapter, [a_delivery("identify")], vendor)
        assert [sent.method for sent in vendor.sent] == ["GET", "POST"]

    def test_an_odd_answer_makes_nobody(self, adapter: Contacts) -> None:
        """What says neither is asked again later, or there would be two of somebody."""
        vendor, delivery = Vendor(json={}), a_delivery("identify")
        assert drive(adapter, [delivery], vendor) == {delivery: Retry("odd_answer")}

    def test_writes_nothing_after_a_question_that_failed(self, adapter: Contacts) -> None:
        """The failure of the question is the delivery's outcome."""
        vendor, delivery = Vendor(503), a_delivery("identify")

        assert drive(adapter, [delivery], vendor) == {delivery: Retry("http_503", 503)}
        assert [sent.method for sent in vendor.sent] == ["GET"]
