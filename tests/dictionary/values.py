"""Made-up values: random ids, names, mails, addresses; only standard words are fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.dictionary.words import COMMON, HOSTS, WORDS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_SUFFIXES = ("_id", "_ids", "_date", "_at", "_name", "email", "username", "_types")


class Values:
    """Makes values by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._makers: dict[str, Callable[[], Any]] = {
            "_at": self.time, "_date": self.time, "_id": self.some_id, "_ids": self._ids,
            "_name": self.title, "_types": lambda: [self.fixed("ad_type"), self.fixed("ad_type")],
            "address": self._address, "airdate": self._day, "app_version": self.version,
            "avatar": self._image, "birthday": self._day, "build": lambda: str(self._number(3)),
            "campaign": self._campaign, "company": self._company, "createdAt": self.time,
            "description": self.text, "email": self.email, "firstName": self.title,
            "href": self.url, "image_url": self._image, "keywords": self._tags,
            "lastName": self.title, "link_url": self.url, "message_body": self.text,
            "name": self._some_titles, "phone": self._phone, "previous_build": lambda: "41",
            "previous_version": self.version, "program": self.title, "publisher": self.title,
            "query": self.text, "recipient": self.email, "review_body": self.text,
            "share_message": self.text, "sku": self._sku, "tags": self._tags, "text": self.text,
            "title": self._some_titles, "total_length": lambda: self._number(3),
            "url": self.url, "username": self.word, "variant": self.text, "version": self.version,
            "website": self.url, "first_name": self.title, "last_name": self.title,
            "creative": self.text, "email_subject": self.text,
            "coupon": lambda: self.word().upper(),
            "affiliation": self._some_titles, "value": self.amount, "step": lambda: self._number(1),
            "nickname": lambda: None, "brand": self.title,
        }  # fmt: skip
        for name in ("price", "total", "subtotal", "revenue", "shipping", "tax", "discount"):
            self._makers[name] = self.amount
        for name in ("quantity", "position", "logins", "seats", "employees", "age", "bitrate",
                     "monthly_spend", "mrr", "seek_position", "conversation_duration", "sound",
                     "lifetime_value"):  # fmt: skip
            self._makers[name] = self._small

    def of(self, name: str) -> Any:
        """Return a value for the property or trait `name`."""
        if name in WORDS:
            return self.fixed(name)
        if name in self._makers:
            return self._makers[name]()
        for suffix in _SUFFIXES:
            if name.endswith(suffix):
                return self._makers[suffix]()
        raise KeyError(name)

    def fixed(self, name: str) -> Any:
        """Return one of the standard words for `name`."""
        return self.chance.choice(WORDS[name])

    def often(self, share: float) -> bool:
        """Tell, by chance, whether something is so that is so in `share` of all cases."""
        return self.chance.random() < share

    def digits(self, count: int) -> str:
        """Return hexadecimal digits."""
        return f"{self.chance.getrandbits(4 * count):0{count}x}"

    def uuid(self) -> str:
        """Return a random UUID as text."""
        d = self.digits
        return f"{d(8)}-{d(4)}-4{d(3)}-{self.chance.choice('89ab')}{d(3)}-{d(12)}"

    def base36(self) -> str:
        """Return an id as Jitsu makes it."""
        return "".join(self.chance.choices(_BASE36, k=self.chance.randrange(20, 23)))

    def some_id(self) -> str:
        """Return an id in one of many fashions."""
        return self.chance.choice(
            [self.digits(24), self.base36(), f"{self.word()}_{self._number(3)}",
             self.uuid(), str(self._number(6))]
        )  # fmt: skip

    def word(self) -> str:
        """Return a word of no language."""
        count = self.chance.randrange(2, 5)
        pick = self.chance.choice
        return "".join(pick("bcdfghklmnprstvw") + pick("aeiou") for _ in range(count))

    def title(self) -> str:
        """Return a word with a capital letter."""
        return self.word().title()

    def text(self) -> str:
        """Return one to three words."""
        return " ".join(self._common() for _ in range(self.chance.randrange(1, 4)))

    def email(self) -> str:
        """Return a mail address in a domain that nobody can have, or one without a name."""
        if self.often(0.4):
            return f"@{self.chance.choice(HOSTS)}"
        return f"{self.word()}.{self.word()}@{self.word()}.example"

    def url(self) -> str:
        """Return a web address."""
        host = self.chance.choice(["www.", "shop.", ""]) + self._common()
        path = self.chance.choice(["", "", "p/", "products/", "c/", "account/", "blog/"])
        tail = self.chance.choice([".example", ".example", "example.com", "shop.example.com"])
        host = host + tail if tail.startswith(".") else tail
        return f"http{self.chance.choice(['s', 's', ''])}://{host}/{path}{self._common()}"

    def version(self) -> str:
        """Return a version of three numbers."""
        return f"{self._number(1)}.{self.chance.randrange(30)}.{self.chance.randrange(9)}"

    def amount(self) -> float:
        """Return a price, whole now and then."""
        cents = self.chance.randrange(100, 30000)
        return cents // 100 if self.often(0.4) else cents / 100

    def address_of_net(self) -> str:
        """Return an IP address out of one of the ranges for documentation."""
        net = self.chance.choice(["203.0.113", "198.51.100", "192.0.2"])
        return f"{net}.{self.chance.randrange(256)}"

    def time(self) -> str:
        """Return a time as JavaScript writes it."""
        return f"{self._day()}T{self.clock()}.{self.chance.randrange(1000):03}Z"

    def clock(self) -> str:
        """Return a time of day."""
        rest = self.chance.randrange
        return f"{rest(24):02}:{rest(60):02}:{rest(60):02}"

    def _day(self) -> str:
        rest = self.chance.randrange
        return f"20{rest(26, 30)}-{rest(1, 13):02}-{rest(1, 29):02}"

    def _number(self, digits: int) -> int:
        return self.chance.randrange(10 ** (digits - 1), 10**digits)

    def _small(self) -> int:
        return self.chance.randrange(1, 10) if self.often(0.6) else self.chance.randrange(10, 500)

    def _ids(self) -> list[str]:
        return [self.some_id() for _ in range(self.chance.randrange(1, 3))]

    def _some_titles(self) -> str:
        return " ".join(self._common().title() for _ in range(self.chance.randrange(1, 4)))

    def _common(self) -> str:
        return self.chance.choice(COMMON) if self.often(0.6) else self.word()

    def _image(self) -> str:
        return f"{self.url()}.{self.chance.choice(['jpg', 'png'])}"

    def _sku(self) -> str:
        return f"{self._number(5)}-{self._number(2)}"

    def _phone(self) -> str:
        return f"+1{self._number(3)}555{self._number(4)}"

    def _tags(self) -> list[str]:
        return [self.word() for _ in range(3)]

    def _campaign(self) -> dict[str, str]:
        made = {key: self.of(f"campaign_{key}") for key in ("source", "medium")}
        if self.often(0.5):
            made = {"name": self.text(), **made}
            return {**made, "term": self.text(), "content": self.text()}
        return {**made, "name": self.text()}

    def _address(self) -> dict[str, str]:
        return {"street": f"{self.title()} St {self._number(2)}", "city": self._some_titles(),
                "state": self.fixed("state"),
                "postalCode": str(self._number(5)), "country": self.fixed("country")}  # fmt: skip

    def _company(self) -> dict[str, Any]:
        return {"id": self.some_id(), "name": self.title(), "industry": self.fixed("industry"),
                "employee_count": self._small(), "plan": self.fixed("plan")}  # fmt: skip
