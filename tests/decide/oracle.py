"""A second opinion: who may have an event and what of it, worked out slowly and in another way.

Paths become regular expressions over `/key#index` renderings of places; nothing is compiled,
shared or remembered. Where the product and this disagree, one of them is wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from tests.decide.drawn import CANARY, CONDITIONS, DISPLAY, EVENTS_FILTERS, MAIL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

NEVER = ("integrations", "writeKey", "_metadata")
ALWAYS = ("/type", "/messageId", "/timestamp")
IDS = ("/userId", "/anonymousId", "/previousId", "/groupId")
"""They are changed as a whole, or the halves of some would make people one."""
PERSONAL_KEYS = ("email", "phone", "password", "firstName", "lastName", "birthday", "username")


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf with its place: `/properties/products#0/note`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{place}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{place}#{index}")
    else:
        yield place, value


def matches(path: str, place: str) -> bool:
    """Tell whether a rule's path takes the value at a place, or something that it lies in."""
    pattern = ""
    for part in path.split("."):
        key, *indexes = part.replace("]", "").split("[")
        if key == "**":
            pattern += r"([/#][^/#]+)*?"
        elif key == "*":
            pattern += r"(#\d+)*?(/[^/#]+|#\d+)"
        else:
            pattern += rf"(#\d+)*/{re.escape(key)}"
        pattern += "".join(r"#\d+" if index == "*" else f"#{index}" for index in indexes)
    return re.match(pattern + r"(?=[/#]|$)", place) is not None


def canaries(value: Any) -> set[str]:
    """Return the names of the canaries in a text; other values have none."""
    return set(CANARY.findall(value)) if isinstance(value, str) else set()


def heard(raw: bytes | str) -> set[str]:
    """Return the names of the canaries in any text."""
    return set(CANARY.findall(raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw))


def shown(data: Mapping[str, Any], section: Mapping[str, Any]) -> set[str]:
    """Return the canaries of an event that the rules of a destination leave as they are."""
    return _left({key: value for key, value in data.items() if key not in NEVER}, section)


def alone(data: Mapping[str, Any]) -> set[str]:
    """Return the canaries that share their text with no other."""
    return set().union(*(found for _, value in leaves(data) if len(found := canaries(value)) == 1))


def options_shown(data: Mapping[str, Any], section: Mapping[str, Any]) -> set[str]:
    """Return the same of the options that the event's map may hold for a destination."""
    given = data.get("integrations")
    display = DISPLAY[section["type"]]
    values = given.values() if isinstance(given, dict) else ()
    return set().union(*(_left({"integrations": {display: each}}, section) for each in values))


def _left(data: Mapping[str, Any], section: Mapping[str, Any]) -> set[str]:
    privacy = section.get("privacy", {"rules": []})
    found: set[str] = set()
    for place, value in leaves(data):
        if place in ALWAYS:
            found |= canaries(value)
        else:
            found |= _shown_of(place, value, privacy, data.get("type"))
    return found


def _takes(rule: Mapping[str, Any], place: str, kind: Any) -> bool:
    """Tell whether a rule by path takes a value; an identify's traits may be context.traits."""
    path = rule["match"]
    if not isinstance(path, str) or matches(path, place):
        return isinstance(path, str)
    copied = kind == "identify" and rule["do"] != "keep" and path.startswith("context.traits")
    return copied and matches(path.removeprefix("context."), place)


def _shown_of(place: str, value: Any, privacy: Mapping[str, Any], kind: Any) -> set[str]:
    here, mails = canaries(value), set(MAIL.findall(str(value)))
    by_default = privacy.get("default", "keep") == "keep"
    decided = next(
        (n for n, rule in enumerate(privacy["rules"]) if _takes(rule, place, kind)), None
    )
    does = privacy["rules"][decided]["do"] if decided is not None else "keep" * by_default
    earlier = [
        rule["do"]
        for rule in privacy["rules"][:decided]
        if isinstance(rule["match"], dict) and "email" in rule["match"]["detect"]
    ]
    if does in ("drop", ""):
        earlier = [do for do in earlier if do == "keep"]
    if not mails or not earlier:
        return here if does == "keep" else set()
    if earlier[0] == "drop" or (earlier[0] != "keep" and place in IDS):
        return set()
    return here if earlier[0] == "keep" else here - mails


def hidden_from_the_untrusted(data: Mapping[str, Any]) -> set[str]:
    """Return canaries that nobody may see who is not in `pii.trusted`: a few that are sure."""
    found: set[str] = set()
    for place, value in leaves(data):
        if any(f"/{key}" in place for key in PERSONAL_KEYS):
            found |= canaries(value)
        found |= set(MAIL.findall(str(value)))
    return found


def may_have(event: Mapping[str, Any], name: str, config: Mapping[str, Any]) -> bool:
    """Tell whether a destination may have an event at all; `event` is as it was sent."""
    section = config["destinations"][name]
    display = DISPLAY[section["type"]]
    return (
        consented(event, section, config)
        and _wanted(event.get("integrations"), {name, display})
        and display not in event.get("_metadata", {}).get("bundled", [])
        and EVENTS_FILTERS[section.get("events")](event)
        and not any(
            each["do"] == "drop" and CONDITIONS[each["if"]](event)
            for each in section.get("filters", [])
        )
    )


def trimmed(data: Mapping[str, Any], section: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the filters of a destination leave of an event: first drops, then allows."""
    left: dict[str, Any] = orjson.loads(orjson.dumps(data))  # lifted traits lie there twice
    for action in ("drop_properties", "allow_properties"):
        for each in section.get("filters", []):
            if each["do"] == action and CONDITIONS[each["if"]](data):
                for place, keys in each["fields"].items():
                    inner = left.get(place, {}) if place else left
                    for key in [*inner]:
                        if (key in keys) is (action == "drop_properties"):
                            del inner[key]
    return left


def consented(
    event: Mapping[str, Any],
    section: Mapping[str, Any],
    config: Mapping[str, Any],
    known: Iterable[Mapping[str, Any]] = (),
) -> bool:
    """Tell whether stamps, and what is `known` of each id, are enough for a consent section."""
    needs = section.get("consent")
    enforced = "categories" in config.get("consent", {}) or any(
        "consent" in other for other in config["destinations"].values()
    )
    if needs is None:
        return not enforced
    if "not_required" in needs:
        return True
    context = event.get("context", {})
    denied = [{name for name, value in latest.items() if not value} for latest in known]
    if "consent" not in context and "consentManagement" not in context:
        open_ = config.get("consent", {}).get("missing") == "allow"
        return open_ and all(_enough(needs, {"a", "b", "c"} - no) for no in denied)
    given = context.get("consent", {}).get("categoryPreferences", {})
    lists = context.get("consentManagement", {})
    yes = {name for name, value in given.items() if value is True}
    no = {name for name, value in given.items() if value is not True}
    allowed = set(lists.get("allowedConsentIds", []))
    both = "consent" in context and "consentManagement" in context
    yes = (yes & allowed if both else yes | allowed) - no
    yes -= set(lists.get("deniedConsentIds", []))
    return all(_enough(needs, yes - no) for no in [set(), *denied])


def _enough(needs: Mapping[str, Any], yes: set[str]) -> bool:
    if "require" in needs:
        return set(needs["require"]) <= yes
    return not yes.isdisjoint(needs["any"])


def _wanted(given: Any, names: set[str]) -> bool:
    """Read an `integrations` map: it only narrows, and doubt is a no."""
    if given is None:
        return True
    if not isinstance(given, dict):
        return False
    plain = {name.lower() for name in names}
    about = [(key, value) for key, value in given.items() if key.lower() in plain]
    if any(value is not True and not isinstance(value, dict) for _, value in about):
        return False
    if any(key in names for key, _ in about):
        return True
    return all(value is True for key, value in given.items() if key.lower() == "all")
