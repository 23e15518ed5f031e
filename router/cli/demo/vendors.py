"""The receiving ends of the demonstration: real HTTP on loopback, every byte kept."""

from __future__ import annotations

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

DOLLARS = "USD"


class Seen(NamedTuple):
    """A request as it came, and what was answered."""

    path: str
    key: str
    body: bytes
    status: int

    @property
    def taken(self) -> bool:
        """Whether the vendor kept it."""
        return self.status < 300


class Vendors:
    """One server that plays the webhooks' receivers and Mixpanel, each under its own path."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.takes_dollars = False
        door = type("Door", (_Door,), {"vendors": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), door)
        self._server.daemon_threads = True
        self.port: int = self._server.server_port

    def at(self, path: str) -> list[Seen]:
        """Return the requests that one path took."""
        return [seen for seen in self.seen if seen.path.startswith(f"/{path}") and seen.taken]

    def twice(self, path: str) -> int:
        """Return how many deliveries a webhook's receiver took more than once."""
        return sum(times > 1 for times in Counter(seen.key for seen in self.at(path)).values())

    def answer(self, path: str, key: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Decide about a request, and keep it."""
        status = 200
        said: dict[str, Any] = {}
        if path == "/orders" and self._refuses(body):
            status, said = 422, {"error": "this account takes no US dollars"}
        elif path.startswith("/mixpanel/import"):
            said = {"code": 200, "status": "OK", "num_records_imported": len(json.loads(body))}
        elif path.startswith("/mixpanel"):
            said = {"status": 1, "error": None}
        self.seen.append(Seen(path, key, body, status))
        return status, said

    def _refuses(self, body: bytes) -> bool:
        order = json.loads(body).get("properties", {})
        return not self.takes_dollars and order.get("currency") == DOLLARS

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="vendors", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Door(BaseHTTPRequestHandler):
    """Reads a request, has the vendors decide, and answers with JSON."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    vendors: Vendors

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        status, said = self.vendors.answer(path, self.headers.get("webhook-id", ""), body)
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's signature
        """Say nothing: the table does."""
