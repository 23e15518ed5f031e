"""`router sink`: a webhook receiver to watch, which prints a line for each request it gets."""

from __future__ import annotations

import gzip
import json
import signal
import zlib
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import click

from router.cli.command import Command
from router.cli.failure import Failure
from router.cli.output import harmless, json_option, note, print_json

LARGEST = 20_000_000
"""Bytes of a request that are read at most; whoever sends more is answered 413."""


class _Door(BaseHTTPRequestHandler):
    """Answers every POST and PUT with 200 and shows it."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    as_json: ClassVar[bool] = False
    bodies: ClassVar[bool] = False

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= LARGEST:
            self.close_connection = True
            self._answer(413)
            return
        body = self.rfile.read(length)
        if self.headers.get("Content-Encoding") == "gzip":
            try:
                body = gzip.decompress(body)
            except (OSError, EOFError, zlib.error):
                self._answer(400)
                return
        self._answer(200)
        if self.as_json:
            print_json(self._seen(body))
        else:
            click.echo(_line(self._seen(body)))

    do_PUT = do_POST  # noqa: N815 - the name that http.server looks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's signature
        """Say nothing more than `do_POST` does."""

    def _seen(self, body: bytes) -> dict[str, Any]:
        items = _items(body)
        seen: dict[str, Any] = {
            "at": datetime.now().astimezone().isoformat(timespec="milliseconds"),
            "path": self.path,
            "id": self.headers.get("webhook-id") or self.headers.get("idempotency-key"),
            "bytes": len(body),
            "events": [{key: item.get(key) for key in ("type", "event", "messageId")}
                       for item in items],
        }  # fmt: skip
        return seen | ({"body": items} if self.bodies else {})

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _items(body: bytes) -> list[dict[str, Any]]:
    try:
        value = json.loads(body)
    except ValueError:
        return []
    return [item for item in (value if isinstance(value, list) else [value])
            if isinstance(item, dict)]  # fmt: skip


def _line(seen: dict[str, Any]) -> str:
    said = [" ".join(str(event[key]) for key in ("type", "event", "messageId") if event[key])
            for event in seen["events"]]  # fmt: skip
    what = "; ".join(said) or f"{seen['bytes']} bytes"
    body = f"\n  {json.dumps(seen['body'])}" if "body" in seen else ""
    return harmless(f"{seen['at']}  {seen['path']}  {what}") + body


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


@click.command(
    cls=Command,
    examples="""
        router sink
        router sink --port 9002 --bodies
    """,
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=9001, show_default=True, help="Port to listen at; 0 takes any.")
@click.option("--bodies", is_flag=True, help="Show what is in the events, too.")
@json_option
def sink(host: str, port: int, *, bodies: bool, as_json: bool) -> None:
    """Receive webhooks, answer 200 and print a line for each, until Ctrl-C."""
    door = type("Door", (_Door,), {"as_json": as_json, "bodies": bodies})
    signal.signal(signal.SIGTERM, _stop)
    try:
        listening = ThreadingHTTPServer((host, port), door)
    except (OSError, OverflowError) as error:
        what = error.strerror if isinstance(error, OSError) else "no such port"
        raise Failure(f"{host}:{port} cannot be listened at: {what}") from None
    with listening as server:
        server.daemon_threads = True
        note(f"listening at http://{host}:{server.server_port}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            note("stopped")
