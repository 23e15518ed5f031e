"""Configurations of the router over a test's own store and vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.stores import StoreServer
    from tests.support.vendor import Vendor

KEY = "a key for tests: 0123456789abcdef"
NOT_REQUIRED = {"not_required": "a test's own vendor"}


def webhook(vendor: Vendor, path: str, **more: Any) -> dict[str, Any]:
    """Return a webhook destination at a path of the vendor, which needs no consent."""
    settings = {"url": f"{vendor.url}{path}"}
    return {"type": "webhook", "settings": settings, "consent": NOT_REQUIRED, **more}


def write(folder: Path, store: StoreServer, destinations: dict[str, Any], **more: Any) -> Path:
    """Write `router.yaml` for this store and return its path; `more` are other sections."""
    value = {
        "redis": store.url,
        "broker": store.broker,
        "privacy_key": KEY,
        "egress": {"allow": ["127.0.0.0/8"]},
        "destinations": destinations,
        **more,
    }
    file = folder / "router.yaml"
    file.write_text(yaml.safe_dump(value, sort_keys=False))
    return file
