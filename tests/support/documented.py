"""The commands that the documents and compose.yaml name, as the system tests run them."""

from __future__ import annotations

WORKER_COMMAND = "celery -A router worker --loglevel INFO"
SINK_COMMAND = "router sink --host 0.0.0.0 --port 9001"

STORE_FLAGS = ("--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction")
"""What every store must be started with; `stores.StoreServer` starts its servers so."""

DOCUMENTED_COMMANDS = (
    WORKER_COMMAND,
    SINK_COMMAND,
    "router run",
    "router demo",
    "router check",
    "router status --check",
)
"""A test of the house holds compose.yaml to this list; the system tests run each of it."""
