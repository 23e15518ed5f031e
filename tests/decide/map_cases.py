"""Every case of the event's own map: `integrations`, and what the browser says it has served."""

from __future__ import annotations

from tests.decide.cases import Case

OFF, ALL_OFF = "integrations.off", "integrations.all_off"
MALFORMED, SERVED = "integrations.malformed", "integrations.device_mode"
STORE = "type: store"
GUIDE = "Segment, filtering data"
SPEC = "Segment, common fields"
ODD = "odd: only true and false are plain, so it is read as false"
SPELLED = "a false denies under every spelling that comes to the same"
EXACT = "a true needs an accepted name, spelled exactly"
"""Whys that come more than once."""


def _map(title: str, given: str, reason: str | None, why: str, declared: str = "") -> Case:
    """Return the case of a map."""
    verdict = "skip" if reason else "send"
    return Case(title, f'{{"integrations": {given}}}', declared, verdict, reason, why)


def _metadata(title: str, given: str, reason: str | None, why: str, declared: str = "") -> Case:
    """Return the case of what the browser says."""
    verdict = "skip" if reason else "send"
    return Case(title, f'{{"_metadata": {given}}}', declared, verdict, reason, why)


NAMES = (
    Case("no map", "{}", "", "send", None, f"the configuration decides ({SPEC})"),
    _map("an empty map", "{}", None, f"as no map ({SPEC})"),
    _map("All: true", '{"All": true}', None, SPEC),
    _map("All: false", '{"All": false}', ALL_OFF, GUIDE),
    _map("named true", '{"Mixpanel": true}', None, GUIDE),
    _map("named false", '{"Mixpanel": false}', OFF, GUIDE),
    _map("named true beside All: false", '{"All": false, "Mixpanel": true}', None, GUIDE),
    _map("named false beside All: true", '{"All": true, "Mixpanel": false}', OFF, GUIDE),
    _map("an alias, true", '{"All": false, "Mixpanel (Actions)": true}', None,
         "one destination has several catalog names"),
    _map("an alias, false", '{"Mixpanel (Legacy)": false}', OFF, "as above"),
    _map("two names that disagree", '{"Mixpanel": true, "Mixpanel (Actions)": false}', OFF,
         "the private reading wins"),
    _map("the instance's name, true", '{"All": false, "product": true}', None,
         "an instance may be named; at Segment and RudderStack it cannot"),
    _map("the instance's name, false", '{"product": false}', OFF, "as above"),
    _map("the instance off, the adapter on", '{"Mixpanel": true, "product": false}', OFF,
         "the private reading wins"),
    _map("a name of `known_as`, true", '{"All": false, "My Analytics (Shop)": true}', None,
         "the configuration says that it is one of ours", 'known_as: ["My Analytics (Shop)"]'),
    _map("a name of `known_as`, false", '{"my analytics: SHOP": false}', OFF, SPELLED,
         'known_as: ["My Analytics (Shop)"]'),
    _map("options", '{"Mixpanel": {"a": 1}}', None, "an object is options, and means true"),
    _map("options beside All: false", '{"All": false, "Mixpanel": {"a": 1}}', None, "as above"),
    _map("empty options beside All: false", '{"All": false, "Mixpanel": {}}', None, "as above"),
    _map("another's name, true", '{"Amplitude": true}', None, "says nothing about this one"),
    _map("another's name, false", '{"Amplitude": false}', None, "as above"),
    _map("another's name beside All: false", '{"All": false, "Amplitude": true}', ALL_OFF,
         "not named"),
)  # fmt: skip

SPELLINGS = (
    _map("lower case, false", '{"mixpanel": false}', OFF, SPELLED),
    _map("capitals and blanks, false", '{"MIX PANEL ": false}', OFF, SPELLED),
    _map("camel case of an alias, false", '{"mixpanelActions": false}', OFF, SPELLED),
    _map("full-width letters, false", '{"\\uff2dixpanel": false}', OFF, SPELLED),
    _map("the instance's name in capitals, false", '{"PRODUCT": false}', OFF, SPELLED),
    _map("lower case, true beside All: false", '{"All": false, "mixpanel": true}', ALL_OFF, EXACT),
    _map("lower case, options beside All: false", '{"All": false, "mixpanel": {"a": 1}}', ALL_OFF,
         EXACT),
    _map("the adapter's type, false", '{"mixpanel": false, "All": true}', OFF, SPELLED),
    _map("lower-case all, false", '{"all": false}', ALL_OFF, SPELLED),
    _map("lower-case all, true", '{"all": true}', None, "nothing is denied"),
    _map("All and all disagree", '{"All": true, "all": false}', ALL_OFF,
         "the private reading wins"),
    _map("a name within another", '{"Mixpanel Lookalike": false}', None, "another name"),
    _map("no letters at all", '{"": false, "-": false}', None, "names nothing"),
)  # fmt: skip

ODDITIES = (
    _map("named null", '{"Mixpanel": null}', OFF, ODD),
    _map('named "false"', '{"Mixpanel": "false"}', OFF, ODD),
    _map('named "true"', '{"Mixpanel": "true"}', OFF, ODD),
    _map("named 0", '{"Mixpanel": 0}', OFF, ODD),
    _map("named 1", '{"Mixpanel": 1}', OFF, ODD),
    _map("named with an empty text", '{"Mixpanel": ""}', OFF, ODD),
    _map("named with a list", '{"Mixpanel": []}', OFF, ODD),
    _map("named with a list of true", '{"Mixpanel": [true]}', OFF, ODD),
    _map("named null beside All: false", '{"All": false, "Mixpanel": null}', OFF, ODD),
    _map("named null under another spelling", '{"mix-panel": null}', OFF, ODD),
    _map("All: null", '{"All": null}', ALL_OFF, ODD),
    _map('All: "false"', '{"All": "false"}', ALL_OFF, ODD),
    _map('All: "true"', '{"All": "true"}', ALL_OFF, ODD),
    _map("All: 0", '{"All": 0}', ALL_OFF, ODD),
    _map("All: 1", '{"All": 1}', ALL_OFF, ODD),
    _map("All: {}", '{"All": {}}', ALL_OFF, ODD),
    _map("All: []", '{"All": []}', ALL_OFF, ODD),
    _map("an odd All, named true", '{"All": "true", "Mixpanel": true}', None,
         "as false, and this one is named; RudderStack sends nothing"),
    _map("the map is null", "null", None, "as no map"),
    _map("the map is an empty list", "[]", None, "PHP's empty map"),
    _map("the map is a list", '["Mixpanel"]', MALFORMED, "it cannot be read, so nobody gets it"),
    _map("the map is a text", '"All"', MALFORMED, "as above"),
    _map("the map is true", "true", MALFORMED, "as above"),
    _map("the map is false", "false", MALFORMED, "as above"),
    _map("the map is a number", "0", MALFORMED, "as above"),
)  # fmt: skip

SPECIAL = (
    _map("Segment.io: false", '{"Segment.io": false}', None,
         "it is Segment's own address, no destination"),
    _map("Segment.io: true beside All: false", '{"All": false, "Segment.io": true}', ALL_OFF,
         "as above"),
    _map("a warehouse, All: false", '{"All": false}', ALL_OFF,
         "All means all; Segment's warehouses do not hear it", STORE),
    _map("a warehouse, Warehouse: true", '{"All": false, "Warehouse": true}', None,
         "named", STORE),
    _map("a warehouse, Warehouse: false", '{"Warehouse": false}', OFF, "named", STORE),
    _map("a warehouse, Warehouses: false", '{"Warehouses": false}', OFF, "named", STORE),
    _map("Warehouses, all: true", '{"All": false, "Warehouses": {"all": true}}', None, GUIDE,
         STORE),
    _map("Warehouses, all: false", '{"Warehouses": {"all": false}}', OFF, GUIDE, STORE),
    _map("Warehouses, our name chosen", '{"Warehouses": {"warehouseIds": ["product"]}}', None,
         GUIDE, STORE),
    _map("Warehouses, an id of `known_as` chosen", '{"Warehouses": {"warehouseIds": ["wh_1"]}}',
         None, GUIDE, f"{STORE}\nknown_as: [wh_1]"),
    _map("Warehouses, others chosen", '{"Warehouses": {"warehouseIds": ["wh_2"]}}', OFF, GUIDE,
         f"{STORE}\nknown_as: [wh_1]"),
    _map("Warehouses, none chosen", '{"Warehouses": {"warehouseIds": []}}', OFF, GUIDE, STORE),
    _map("Warehouses, all: false, ours chosen",
         '{"Warehouses": {"all": false, "warehouseIds": ["product"]}}', None,
         "not all, but this one", STORE),
    _map("Warehouses, all: true, others chosen",
         '{"Warehouses": {"all": true, "warehouseIds": ["wh_2"]}}', OFF,
         "the private reading wins", STORE),
    _map("Warehouses, an empty object", '{"Warehouses": {}}', OFF, "it chooses none", STORE),
    _map('Warehouses, all: "true"', '{"Warehouses": {"all": "true"}}', OFF, ODD, STORE),
    _map("Warehouses, a text for ids", '{"Warehouses": {"warehouseIds": "product"}}', OFF, ODD,
         STORE),
    _map("Warehouses, and no warehouse", '{"Warehouses": {"all": false}}', None,
         "says nothing about this one"),
)  # fmt: skip

DEVICE = (
    _metadata("bundled by its name", '{"bundled": ["Mixpanel"]}', SERVED,
              "the browser has sent it: it is not sent twice"),
    _metadata("bundled by an alias", '{"bundled": ["Mixpanel (Actions)"]}', SERVED, "as above"),
    _metadata("bundled under another spelling", '{"bundled": ["mixpanel"]}', SERVED, SPELLED),
    _metadata("bundled by its id", '{"bundledIds": ["615c7438"]}', SERVED,
              "the id is one of `known_as`", "known_as: [615c7438]"),
    _metadata("another's id", '{"bundledIds": ["615c7438"]}', None, "says nothing of this one"),
    _metadata("unbundled", '{"bundled": ["Segment.io"], "unbundled": ["Mixpanel"]}', None,
              "the browser left it to the server"),
    _metadata("bundled, and failed to start",
              '{"bundled": ["Mixpanel"], "failedInitializations": ["Mixpanel"]}', None,
              "the browser could not send it"),
    _metadata("bundled is no list", '{"bundled": "Mixpanel"}', None, "it names nothing"),
    _metadata("no object", '["Mixpanel"]', None, "it names nothing"),
    Case("bundled, and false in the map",
         '{"integrations": {"Mixpanel": false}, "_metadata": {"bundled": ["Mixpanel"]}}', "",
         "skip", OFF, "the map is asked first"),
)  # fmt: skip

MAPS: dict[str, tuple[Case, ...]] = {
    "Names": NAMES,
    "Spellings": SPELLINGS,
    "Odd values": ODDITIES,
    "Segment itself, and warehouses": SPECIAL,
    "Sent by the browser": DEVICE,
}
"""The cases by the heading that they stand under."""
