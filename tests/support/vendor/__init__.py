"""A vendor on loopback that records what it accepts and misbehaves as a test tells it to."""

from tests.support.vendor.behaviour import Behaviour
from tests.support.vendor.handle import Vendor
from tests.support.vendor.journal import (
    Arrival,
    Duplicate,
    accepted,
    duplicates,
    first_arrivals,
    missing,
    out_of_order,
)

__all__ = [
    "Arrival",
    "Behaviour",
    "Duplicate",
    "Vendor",
    "accepted",
    "duplicates",
    "first_arrivals",
    "missing",
    "out_of_order",
]
