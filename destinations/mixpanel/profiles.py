"""Identify, group and alias as what `/track`, `/engage` and `/groups` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from destinations.mixpanel.ids import identifier, object_at
from destinations.outcome import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from destinations.delivery import Delivery

Update = dict[str, Any]

_CREATED = {"created": "$created", "created_at": "$created", "createdAt": "$created"}
_PERSON = {**_CREATED, "email": "$email", "firstName": "$first_name", "lastName": "$last_name",
           "name": "$name", "phone": "$phone", "username": "$username"}  # fmt: skip
_GROUP = {**_CREATED, "name": "$name"}


def link(payload: Mapping[str, Any], token: str) -> Update | None:
    """Return the `$identify` that joins a device to a user, or None when either is missing."""
    user, device = identifier(payload.get("userId")), identifier(payload.get("anonymousId"))
    if user is None or device is None or user == device:
        return None
    pair = {"$identified_id": user, "$anon_id": device, "token": token}
    return {"event": "$identify", "properties": pair}


def person(payload: Mapping[str, Any], token: str) -> Update | Rejected | None:
    """Return the update of a person's profile; None when no trait says anything."""
    who = identifier(payload.get("userId")) or identifier(payload.get("anonymousId"))
    if who is None:
        return Rejected("no_identity")
    traits = renamed(object_at(payload, "traits"), _PERSON)
    if not traits:
        return None
    update: Update = {"$token": token, "$distinct_id": who, "$set": traits}
    ip = object_at(payload, "context").get("ip")
    if isinstance(ip, str) and ip:
        update["$ip"] = ip
    return update


def group(payload: Mapping[str, Any], token: str, key: str) -> Update | Rejected | None:
    """Return the update of a group's profile; None when no trait says anything.

    A trait with the name of the group key counts more than the event's `groupId`.
    """
    traits = object_at(payload, "traits")
    which = identifier(traits.get(key)) or identifier(payload.get("groupId"))
    if which is None:
        return Rejected("no_group")
    properties = renamed(traits, _GROUP)
    if not properties:
        return None
    return {"$token": token, "$group_key": key, "$group_id": which, "$set": properties}


def alias(delivery: Delivery, token: str, *, merge: bool) -> Update | Rejected:
    """Return the `$create_alias` (or the `$merge`, which cannot be undone) of two ids."""
    payload = delivery.payload
    new = identifier(payload.get("userId")) or identifier(payload.get("anonymousId"))
    old = identifier(payload.get("previousId"))
    if new is None or old is None:
        return Rejected("no_identity")
    if merge:
        return {"event": "$merge", "properties": {"$distinct_ids": [old, new], "token": token}}
    pair = {"distinct_id": old, "alias": new, "token": token}
    return {"event": "$create_alias", "properties": pair}


def renamed(traits: Mapping[str, Any], names: Mapping[str, str]) -> Update:
    """Return the traits under Mixpanel's names; of two for one name the last in `names` counts."""
    found = {key: value for key, value in traits.items() if key not in names}
    found.update({new: traits[old] for old, new in names.items() if traits.get(old) is not None})
    return found
