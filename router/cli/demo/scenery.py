"""What the demonstration is played with: real events and a configuration of seven destinations.

`events.jsonl` holds what six real SDKs sent while they played a shop's journey and the examples
of the public Segment spec; addresses are in domains reserved for examples.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

LOG = "workers.log"

CONFIGURATION = """\
redis: embedded
data: data
worker: {{processes: 2}}
egress: {{allow: [127.0.0.0/8]}}
pii: {{trusted: [audit, archive, analytics, marketing, flaky, slow, orders]}}
consent: {{categories: [Analytics, Advertising, Functional, DataSharing]}}
destinations:
  audit:
    type: webhook
    settings: {{url: "http://127.0.0.1:{port}/audit", secret: "only for this demo"}}
    consent: {{not_required: "our own audit log"}}
  archive:
    type: file
    settings: {{path: archive.jsonl}}
    consent: {{not_required: "our own archive"}}
  analytics:
    type: mixpanel
    settings: {{token: "demo", endpoint: "http://127.0.0.1:{port}/mixpanel"}}
    consent: {{not_required: "a demonstration"}}
  marketing:
    type: drill
    settings: {{batch: 20}}
    consent: {{require: [Analytics]}}
  partner:
    type: webhook
    settings: {{url: "http://127.0.0.1:{port}/partner"}}
    consent: {{not_required: "a demonstration"}}
  flaky:
    type: drill
    settings: {{shares: {{http_503: 0.2, reset: 0.05, lost: 0.05}}, for_first: 3, batch: 20}}
    consent: {{not_required: "a demonstration"}}
    delivery: {{ordering: none}}
  slow:
    type: drill
    settings: {{latency: 400ms, jitter: 400ms, batch: 10}}
    consent: {{not_required: "a demonstration"}}
  orders:
    type: webhook
    settings: {{url: "http://127.0.0.1:{port}/orders"}}
    events: 'match(event, "Order *")'
    consent: {{not_required: "part of the contract"}}
"""

ABOUT = {
    "audit": "a webhook that gets everything",
    "archive": "a file",
    "analytics": "Mixpanel, played by this process",
    "marketing": "only events with consent",
    "partner": "may not see personal data",
    "flaky": "fails three times in ten",
    "slow": "takes half a second for ten",
    "orders": "only orders; refuses US dollars",
}


class Scene(NamedTuple):
    """Where it is played, and with what."""

    folder: Path
    file: Path
    events: tuple[bytes, ...]

    @property
    def archive(self) -> Path:
        """The file that the file destination writes."""
        return self.folder / "archive.jsonl"


def build(folder: Path, port: int) -> Scene:
    """Write the configuration into a folder; `port` is where the vendors listen."""
    file = folder / "router.yaml"
    file.write_text(CONFIGURATION.format(port=port), "utf-8")
    lines = (files("router.cli.demo") / "events.jsonl").read_bytes().splitlines()
    return Scene(folder, file, tuple(line for line in lines if line))
