"""From lines to the requests of one destination, as JSON values, and a count of what made none."""

from __future__ import annotations

import gzip
from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from destinations import Delivered, Delivery
from destinations.contract import speaks_http
from destinations.probes import secrets_of
from router.cli.preview.arriving import Arriving
from router.cli.preview.stand_in import StandIn
from router.cli.preview.veil import Veil
from router.config.compiled import compiled, sources
from router.decide.verdict import PolicyError, Skip
from router.engine.deliver.batching import batched, limits
from router.engine.deliver.given import given
from router.engine.deliver.preview import preview
from router.engine.route.routing import entry_of
from router.observe.reasons import DeadReason

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    import httpx

    from destinations import Outcome
    from router.cli.preview.stand_in import Answer
    from router.config import Config
    from router.engine.deliver.preview import Shown
    from router.events.event import Event


class Previewing:
    """Makes the requests of the destination `name`; counts what it saw on the way."""

    def __init__(
        self, config: Config, name: str, answers: Sequence[Answer] = (), *, reveal: bool = False
    ) -> None:
        section = config.destinations[name]
        self._routes = compiled(config)
        [self._route] = [route for route in self._routes.destinations if route.name == name]
        self._adapter = section.adapter()
        self._batch = limits(self._adapter.batch, section.delivery.batch)
        self._ordering = section.delivery.ordering
        self._arriving = Arriving(sources(config))
        self._answers = StandIn(answers)
        self._veil = None if reveal else Veil(secrets_of(section))
        self.speaks_http = speaks_http(self._adapter)
        self.events = self.deliveries = self.requests = 0
        self.unreadable: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.unsent: Counter[str] = Counter()
        """Deliveries that made no request, by what became of them."""

    def over(self, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
        """Yield the requests of these lines, as `router requests` prints them."""
        deliveries = self._deliveries(lines)
        if not self.speaks_http:
            for _, delivery in deliveries:
                yield _request(None, None, {}, delivery.payload, [delivery])
            return
        for some in batched(deliveries, self._batch, self._ordering):
            yield from self._batch_of(some)

    def _deliveries(self, lines: Iterable[bytes]) -> Iterator[tuple[str, Delivery]]:
        for raw in filter(bytes.strip, lines):
            event = self._arriving.read(raw)
            if isinstance(event, str):
                self.unreadable[event] += 1
                continue
            self.events += 1
            made = self._delivery(event)
            if isinstance(made, Delivery):
                self.deliveries += 1
                yield event.user_key, made
            else:
                self.skipped[made] += 1

    def _delivery(self, event: Event) -> Delivery | str:
        """Take the event all the way that the engine takes it: into a lane and out of it."""
        event = self._routes.reshaped(event)
        signals = self._routes.signals(event)
        verdict = self._route.judge(event, signals)
        if isinstance(verdict, Skip):
            return verdict.reason.value
        try:
            entry = entry_of(event, self._route, verdict, signals)
        except PolicyError:
            return DeadReason.POLICY_ERROR.value
        made = given(self._route, entry, 1, self._arriving.now_ms)
        return made if isinstance(made, Delivery) else str(getattr(made, "reason", "filtered"))

    def _batch_of(self, deliveries: list[Delivery]) -> Generator[dict[str, Any]]:
        steps = preview(self._adapter, deliveries, self._answers)
        carried: set[Delivery] = set()
        try:
            while True:
                shown = next(steps)
                self.requests += 1
                if not shown.asks:
                    carried.update(shown.call.deliveries)
                yield self._shown(shown)
        except StopIteration as done:
            outcomes: dict[Delivery, Outcome] = done.value
        for delivery in deliveries:
            if delivery not in carried:
                self.unsent[_became(outcomes.get(delivery))] += 1

    def _shown(self, shown: Shown) -> dict[str, Any]:
        request, veil = shown.call.request, self._veil
        url, headers, body = str(request.url), dict(request.headers), _body(request)
        if veil is not None:
            url = veil.url(url)
            headers = {name: veil.header(name, value) for name, value in headers.items()}
            body = veil.value(body)
        made = _request(request.method, url, headers, body, shown.call.deliveries)
        if shown.asks:
            answer = {
                "status": shown.answer.status_code,
                "body": orjson.loads(shown.answer.content),
            }
            made["answered"] = answer
        return made


def _request(
    method: str | None,
    url: str | None,
    headers: dict[str, str],
    body: Any,
    deliveries: Iterable[Delivery],
) -> dict[str, Any]:
    ids = list(dict.fromkeys(delivery.message_id for delivery in deliveries))
    return {"method": method, "url": url, "headers": headers, "body": body, "message_ids": ids}


def _body(request: httpx.Request) -> Any:
    """Return a body as a JSON value where it is one, else as text; None for an empty one."""
    content = request.read()
    if request.headers.get("content-encoding") == "gzip":
        content = gzip.decompress(content)
    if not content:
        return None
    try:
        return orjson.loads(content)
    except ValueError:
        return content.decode("utf-8", "replace")


def _became(outcome: Outcome | None) -> str:
    """Say what became of a delivery that made no request."""
    if outcome is None or isinstance(outcome, Delivered):
        return "nothing of it is to be sent"
    return f"{type(outcome).__name__.lower()}: {outcome.reason}"
