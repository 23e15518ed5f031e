"""Contacts: an address book that has to be asked for its own id of a person before a change."""

from collections.abc import Sequence

from destinations import (
    Adapter,
    Ask,
    Call,
    Delivery,
    Endpoint,
    Field,
    Known,
    Rejected,
    Requests,
    Retry,
    SecretStr,
    Settings,
    json_of,
)


class ContactsSettings(Settings):
    """Whose address book it is."""

    key: SecretStr = Field(description="API key.")


class Contacts(Adapter[ContactsSettings]):
    """Write the traits of each user to their contact, and make one for who has none."""

    Settings = ContactsSettings
    name = "Contacts"
    accepts = frozenset({"identify"})

    def __init__(self, settings: ContactsSettings) -> None:
        super().__init__(settings)
        headers = {"authorization": f"Bearer {settings.key.get_secret_value()}"}
        self._contacts = Endpoint("https://api.contacts.test/v1/contacts", headers)

    def requests(self, deliveries: Sequence[Delivery]) -> Requests:
        """Look each user up, then write."""
        for delivery in deliveries:
            user = delivery.get("userId")
            if not isinstance(user, str):
                yield Known(delivery, Rejected("no_user_id"))
                continue
            found = yield Ask(self._contacts.at(query={"user": user}).get(), [delivery])
            if found is None:
                continue  # the question failed, which is the delivery's outcome
            key = [(b"idempotency-key", delivery.idempotency_key.encode())]
            contact = {"user": user, "traits": delivery.get("traits")}
            match json_of(found):
                case {"contacts": [{"id": str(known)}, *_]}:
                    there = self._contacts.at(known, method="PUT")
                    yield Call(there.json(contact, key), [delivery])
                case {"contacts": []}:
                    yield Call(self._contacts.json(contact, key), [delivery])
                case _:
                    yield Known(delivery, Retry("odd_answer"))
