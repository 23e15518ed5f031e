"""compose.yaml is what Compose reads, and starts what the tests start."""

from __future__ import annotations

import json
from importlib.resources import files
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from router.config import load
from tests.house.modules import ROOT
from tests.support.documented import DOCUMENTED_COMMANDS, STORE_FLAGS

if TYPE_CHECKING:
    from pathlib import Path

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """Give the file as YAML."""
    value: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return value


@pytest.fixture
def configuration(compose: dict[str, Any], tmp_path: Path) -> Path:
    """Give the router's configuration as the containers see it."""
    file = tmp_path / "router.yaml"
    file.write_text(compose["configs"]["router"]["content"].replace("$$", "$"))
    return file


def test_keeps_to_the_compose_specification(compose: dict[str, Any]) -> None:
    """The file is valid under the Compose Specification's own schema."""
    schemas = files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text())
    validator = jsonschema.validators.validator_for(schema)

    assert [] == [error.message for error in validator(schema).iter_errors(compose)]


def test_starts_what_the_tests_start(compose: dict[str, Any]) -> None:
    """Each service of ours runs a command that the system tests run outside containers."""
    ours = {name: each["command"] for name, each in compose["services"].items() if "build" in each}

    assert {"worker", "sink"} == ours.keys()
    assert set() == set(ours.values()) - set(DOCUMENTED_COMMANDS)


def test_store_loses_nothing_that_it_acknowledged(compose: dict[str, Any]) -> None:
    """The store syncs each write, evicts nothing and keeps its folder."""
    store = compose["services"]["store"]

    assert [] == [flag for flag in STORE_FLAGS if flag not in store["command"]]
    assert ["store:/data"] == store["volumes"]
    assert "healthcheck" in store


def test_workers_can_be_many(compose: dict[str, Any]) -> None:
    """Nothing of a worker can exist only once."""
    assert set() == {"container_name", "ports", "hostname"} & compose["services"]["worker"].keys()


def test_stopping_waits_longer_than_a_worker_takes(compose: dict[str, Any]) -> None:
    """A worker has the ten seconds that it may need to settle before it is killed."""
    assert int(compose["services"]["worker"]["stop_grace_period"].rstrip("s")) > 10


def test_configuration_is_one(compose: dict[str, Any], configuration: Path) -> None:
    """The mounted configuration loads, finds the store and may reach the sink."""
    config = load(configuration, {"PRIVACY_KEY": KEY})

    assert "redis://store:6379/0" == config.redis
    subnet = compose["networks"]["default"]["ipam"]["config"][0]["subnet"]
    assert ip_network(subnet) in config.egress.allow
    assert ["webhook"] == [destination.type for destination in config.destinations.values()]
