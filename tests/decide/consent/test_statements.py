"""Statements: what an event tells about its user's consent, and whether it must be remembered."""

from __future__ import annotations

from typing import Any

import pytest
from orjson import dumps

from router.decide.consent.preference import known, remembered, restricts, stated
from router.decide.consent.signals import signals
from router.events.event import Arrival
from router.events.parse import parse
from tests.decide.consent.strings import california, gpp, tc
from tests.decide.making import Consents, Needs, Step, To, event, routes

UPDATE = "Segment Consent Preference Updated"
UPDATES = (UPDATE, "Consent Management Interaction")


def test_an_event_states_its_own_time() -> None:
    """A preference is of when the event happened, never later than it was received."""
    said = {"categories": {"ads": False}}
    late = event(received_at=10_000, timestamp="1970-01-01T00:00:07Z")
    ahead = event(received_at=10_000, timestamp="2100-01-01T00:00:00Z")

    assert [7_000, 10_000] == [stated(each, said)[0].at for each in (late, ahead)]


def test_no_event_states_a_time_to_come() -> None:
    """Who claims to have been received later than they came would be the newest for good."""
    says = {"type": "track", "event": "e", "userId": "ann",
            "timestamp": "2100-01-01T00:00:00Z", "receivedAt": "2099-01-01T00:00:00Z"}  # fmt: skip
    came = [parse(Arrival(dumps(says), origin, None, received), {}, 10_000)
            for origin, received in (("events:9000-0", 9_000), ("list:1", None))]  # fmt: skip

    assert [9_000, 10_000] == [stated(each, {"gpc": True})[0].at for each in came]


def test_an_event_without_consent_states_nothing() -> None:
    """Who says nothing changes nothing."""
    assert () == stated(event(), None)


@pytest.mark.parametrize("name", UPDATES)
@pytest.mark.parametrize("said", [None, {"malformed": True}, {"categories": {}}, {"gpc": False}])
def test_an_update_that_cannot_be_read_is_a_doubt(name: str, said: Any) -> None:
    """Somebody changed their mind and nobody knows how: denied until it can be read."""
    doubt = stated(event(event=name), said)

    assert restricts(doubt)
    assert {"malformed": True} == known(remembered((), doubt))


@pytest.mark.parametrize("said", [{"malformed": True}, {"categories": {}}, {"gpc": False}])
def test_a_stamp_that_cannot_be_read_tells_nothing_of_the_user(said: Any) -> None:
    """An event's own malformed consent denies that event alone: one producer's mistake."""
    assert None is known(remembered((), stated(event(event="Seen"), said)))


@pytest.mark.parametrize("name", UPDATES)
@pytest.mark.parametrize(
    "beside",
    [
        {"category_preferences": {"ads": False}},
        {"CategoryPreferences": {"ads": False}},
        {"consentManagement": {"deniedConsentIds": ["ads"]}},
    ],
)
def test_an_update_that_is_misspelled_beside_a_grant_is_a_doubt(name: str, beside: Any) -> None:
    """What it may deny under the other name denies, until an update that can be read."""
    right = {"categoryPreferences": {"ads": True}}
    came = event(event=name, context={"consent": right | beside}, timestamp="2020-01-01T00:00:01Z")
    then = event(event=name, context={"consent": right}, timestamp="2020-01-01T00:00:02Z")

    doubt = remembered((), stated(came, signals(came)))
    assert {"malformed": True} == known(doubt)
    assert {"categories": {"ads": True}} == known(remembered(doubt, stated(then, signals(then))))


LISTS = {"allowedConsentIds": ["mail"], "deniedConsentIds": ["stats"]}
ASKED = {(None, "ads"), (None, "mail"), ("ketch", "chat")}
TAKEN_BACK = {"ads": False, "mail": True, "stats": False}


@pytest.mark.parametrize(
    ("name", "lists", "kept"),
    [
        (UPDATE, LISTS, TAKEN_BACK | {"chat": False}),
        (UPDATE, LISTS | {"provider": "ketch"}, TAKEN_BACK | {"chat": False}),
        (UPDATE, LISTS | {"provider": "iubenda"}, TAKEN_BACK),
        (UPDATE, LISTS | {"deniedConsentIds": []}, {"ads": False, "chat": False, "mail": True}),
        (UPDATE, LISTS | {"allowedConsentIds": None}, {"stats": False}),
        ("Seen", LISTS, {"mail": True, "stats": False}),
    ],
)
def test_an_update_by_an_allowed_list_is_whole(name: str, lists: Any, kept: Any) -> None:
    """What destinations need and the list of an update leaves out is taken back."""
    came = event(event=name, context={"consentManagement": lists})

    assert {"categories": kept} == known(stated(came, signals(came), ASKED))


def test_what_an_update_may_leave_out_is_what_destinations_need() -> None:
    """Every category of the configuration counts, but where no allowed list does."""
    one = To(consent=Needs(require=("ads",), provider="ketch"))
    other = To(consent=Needs(any=("mail",)))
    theirs = Consents(compat="rudderstack")

    assert {("ketch", "ads"), (None, "mail")} == routes(one=one, other=other).asked
    assert () == routes(consent=theirs, one=one, other=other).asked


def test_a_category_that_is_no_boolean_denies_in_an_update_alone() -> None:
    """What an update says of a category counts as a denial when it cannot be read."""
    said = {"categories": {"ads": None, "mail": True}}

    assert {"categories": {"ads": None, "mail": True}} == known(
        remembered((), stated(event(event=UPDATE), said))
    )
    assert () == remembered((), stated(event(event="Seen"), said))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"categories": {"ads": False}}, True),
        ({"categories": {"ads": True}, "provider": "oneTrust", "strategy": "or"}, False),
        ({"gpc": True}, True),
        ({"gpc": False}, False),
        ({"usp": "1YYN"}, True),
        ({"usp": "1YNN"}, False),
        ({"usp": "1---"}, False),
        ({"usp": ""}, False),
        ({"gpp": {"string": gpp({8: california(sale=1)}), "sections": None}}, True),
        ({"gpp": {"string": gpp({8: california()}), "sections": [8]}}, False),
        ({"gpp": {"string": gpp({2: tc([1])}), "sections": None}}, True),
        ({"gpp": {"string": "junk", "sections": None}}, False),
        ({"tcf": {"applies": True, "string": tc([1], disclosed=[7])}}, True),
        ({"tcf": {"applies": None, "string": tc([1], disclosed=[7])}}, True),
        ({"tcf": {"applies": False, "string": tc([1], disclosed=[7])}}, False),
        ({"tcf": {"applies": True, "string": "junk"}}, False),
        ({"tcf": {"applies": True, "string": ""}}, False),
        ({"google": {"ad_storage": "denied"}}, True),
        ({"google": {"ad_storage": "granted"}}, False),
    ],
)
def test_who_may_have_denied_something_is_remembered(said: Any, *, kept: bool) -> None:
    """Of a first statement only what may deny is kept, and never what cannot be read."""
    assert kept is bool(remembered((), stated(event(), said)))


@pytest.mark.parametrize("name", ["Seen", UPDATE])
@pytest.mark.parametrize(
    ("denial", "elsewhere"),
    [
        ({"usp": "1YYN"}, {"usp": "1---"}),
        ({"gpp": {"string": gpp({8: california(sale=1)}), "sections": None}},
         {"gpp": {"string": "DBAA", "sections": [-1]}}),
        ({"tcf": {"applies": True, "string": tc(disclosed=[7])}},
         {"tcf": {"applies": False, "string": ""}}),
    ],
)  # fmt: skip
def test_where_a_law_does_not_apply_nothing_is_taken_back(
    name: str, denial: Any, elsewhere: Any
) -> None:
    """Who travels has not changed their mind: what they denied holds where it applies."""
    before = stated(event(timestamp="2020-01-01T00:00:01Z"), denial)
    after = stated(event(event=name, timestamp="2020-01-01T00:00:02Z"), elsewhere)

    assert denial == known(remembered(before, after))


@pytest.mark.parametrize("name", UPDATES)
def test_no_source_hides_an_update(name: str) -> None:
    """A source's transformation gives other events another name, never one that tells consent."""
    renaming = routes(crm=To(), first=(Step(rename_event="Other"),))

    assert name == renaming.reshaped(event(event=name)).data["event"]
    assert "Other" == renaming.reshaped(event(event="Tested")).data["event"]
