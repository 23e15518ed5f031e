"""Who may know whom: the arrows of the house, read from the imports."""

from __future__ import annotations

import tomllib

import pytest

from tests.house.arrows import CONFIG, DOORS, IMPURE, PURE, ROOMS
from tests.house.modules import ROOT, Module, modules, starts


def room_of(name: str) -> str | None:
    """Return the room of `router` that a dotted name lies in."""
    parts = name.split(".")
    return parts[1] if parts[0] == "router" and len(parts) > 1 and parts[1] in ROOMS else None


def is_door(module: Module, *places: str) -> bool:
    """Tell whether a module is one of these places; `router` means its `__init__` alone."""
    return any(module.name == "router" if place == "router" else
               module.name.startswith(place) for place in places)  # fmt: skip


def adapters() -> set[str]:
    """Return the first names under `destinations` of all adapters that are entry points."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["router.destinations"].values()
    return {point.split(":")[0].split(".")[1] for point in points}


def test_every_folder_of_router_is_a_room() -> None:
    """A new folder gets its place among the arrows before anything is put in it."""
    folders = {path.parent.name for path in (ROOT / "router").glob("*/__init__.py")}

    assert set() == folders - ROOMS.keys()


def test_arrows_run_downwards() -> None:
    """A room imports only the rooms below it."""
    wrong = [
        f"{module.place}: {imported}"
        for module in modules("router")
        if (room := room_of(module.name))
        for imported in module.imports
        if (other := room_of(imported)) and other != room and other not in ROOMS[room]
    ]

    assert [] == wrong


def test_arrows_run_downwards_within_config() -> None:
    """What a file may say knows nothing of how it is read, nor either of what is found in it."""
    wrong = [
        f"{module.place}: {imported}"
        for module in modules("router")
        for room, below in CONFIG.items()
        if starts(module.name, f"router.config.{room}")
        for imported in module.imports
        for other in CONFIG.keys() - below - {room}
        if starts(imported, f"router.config.{other}")
    ]

    assert [] == wrong


def test_no_room_may_import_in_a_circle() -> None:
    """The table of arrows itself has no way back."""
    rest = dict(ROOMS)
    while ends := [room for room, below in rest.items() if not below & rest.keys()]:
        for room in ends:
            del rest[room]

    assert {} == rest


def test_destinations_know_nothing_of_the_router() -> None:
    """Whoever writes an adapter needs no part of the router."""
    wrong = [
        f"{module.place}: {imported}"
        for module in modules("destinations")
        for imported in module.imports
        if starts(imported, "router")
    ]

    assert [] == wrong


@pytest.mark.parametrize("world", DOORS)
def test_one_door_per_outside_world(world: str) -> None:
    """Each outside world is spoken to in one place alone."""
    wrong = [
        f"{module.place}: {imported}"
        for module in modules("router", "destinations")
        if not is_door(module, *DOORS[world])
        for imported in module.imports
        if starts(imported, world)
    ]

    assert [] == wrong


def test_what_is_pure_imports_nothing_that_is_not() -> None:
    """Decisions know no store, no clock, no chance and no logger."""
    wrong = [
        f"{module.place}: {imported}"
        for module in modules("router")
        if starts(module.name, *PURE)
        for imported in module.imports
        if imported.split(".")[0] in IMPURE
    ]

    assert [] == wrong


def test_no_adapter_knows_another() -> None:
    """An adapter imports the contract and what is its own, never another adapter."""
    kinds = adapters()
    wrong = [
        f"{module.place}: {imported}"
        for module in modules("destinations")
        if (own := (*module.name.split("."), "")[1]) in kinds
        for imported in module.imports
        if starts(imported, *(f"destinations.{kind}" for kind in kinds - {own}))
    ]

    assert [] == wrong


def test_the_contract_knows_no_adapter() -> None:
    """Adapters are found by entry points; nothing of the contract names one."""
    kinds = adapters()
    wrong = [
        f"{module.place}: {imported}"
        for module in modules("destinations", "router")
        if not starts(module.name, *(f"destinations.{kind}" for kind in kinds))
        for imported in module.imports
        if starts(imported, *(f"destinations.{kind}" for kind in kinds))
    ]

    assert [] == wrong
