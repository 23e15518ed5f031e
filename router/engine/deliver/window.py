"""The part of a destination's lanes that is in memory: turns, who may go next, who must wait.

Pure: no store, no clock (`now` is in seconds of a monotonic one). A turn is one user's sequence;
while something of it is in flight, or until its failing head is due again, nothing behind leaves.
Of a long turn the rest is *parked*: one id, from which it is read again when the turn gets there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from router.engine.deliver.departures import Departures
from router.engine.deliver.turn import Item, Place, Turn, place
from router.engine.judge.backoff import due_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Ordering = Literal["batch", "strict", "none"]
H = TypeVar("H")


class Window(Generic[H]):
    """Turns of one destination, over all the lanes (`home`s) that this process owns.

    `most` bounds the entries whose bodies are in memory (what is in flight counts as such) and
    `most_bytes` their size, `most_ids` all entries, `share` those of one turn.
    """

    def __init__(
        self, ordering: Ordering, *, most: int, share: int,
        most_ids: int = 50_000, most_bytes: int = 64_000_000,
    ) -> None:  # fmt: skip
        self._ordering = ordering
        self._most = most
        self._share = share
        self._most_ids = most_ids
        self._most_bytes = most_bytes
        self._share_bytes = most_bytes * share // most
        self._turns: dict[tuple[H, bytes], Turn[H]] = {}
        self.departures: Departures[H] = Departures()
        self._heavy: set[Turn[H]] = set()
        self._hungry: dict[tuple[H, bytes], Turn[H]] = {}
        self.ids = 0
        self.bodies = 0
        self.bytes = 0
        self.parked = 0
        """Turns of which not everything that was read is in memory."""

    @property
    def room(self) -> int:
        """How many more entries should be read."""
        if self.bytes >= self._most_bytes:
            return 0
        return max(0, min(self._most - self.bodies, self._most_ids - self.ids))

    @property
    def stuck(self) -> int:
        """How many entries wait for a failing one of their turn, or are it."""
        return sum(turn.stuck for turn in self._turns.values())

    def ready(self, now: float) -> bool:
        """Tell whether some turn could go."""
        self._wake(now)
        return bool(self.departures.ready or self.departures.apart)

    def add(self, items: Iterable[Item[H]], now: float, wall_ms: int) -> None:
        """Append entries, in the order of their lane.

        A remembered failure delays its turn until it is due (`wall_ms` is the wall clock's now).
        """
        for item in items:
            key = self._key(item)
            turn = self._turns.get(key) or self._turns.setdefault(key, Turn(key))
            if turn.parked is None and not turn.fits(item, self._share, self._share_bytes):
                self._park(turn, item.id)
            if turn.parked is None:
                self._append(turn, item, now, wall_ms)
            else:
                turn.beyond += 1
        if not self.room:
            self._relieve()

    def gap(self, home: H) -> Place | None:
        """Return from where on a lane is wanted again, for turns that were parked and go on."""
        wanted = [turn.parked for turn in self._hungry.values() if turn.key[0] is home]
        return min(filter(None, wanted), default=None) if wanted else None

    def fill(  # noqa: PLR0913 - what was read, where, when
        self, home: H, items: Sequence[Item[H]], now: float, wall_ms: int, *,
        after: Place, whole: bool) -> None:  # fmt: skip
        """Take what was read behind `after`, for turns that want it; `whole`: to the end."""
        hungry = (turn for turn in self._hungry.values() if turn.key[0] is home)
        wanted = {turn.key: turn for turn in hungry if turn.parked and turn.parked > after}
        for item in items:
            turn, at = wanted.get(self._key(item)), place(item.id)
            if turn is None or turn.parked is None or at < turn.parked:
                continue
            if self.room and turn.fits(item, self._share, self._share_bytes):
                self._append(turn, item, now, wall_ms)
                turn.beyond = max(0, turn.beyond - 1)
                continue
            turn.parked = at
            del wanted[turn.key]
            if self.room:
                del self._hungry[turn.key]
        end = place(items[-1].id) if items else (0, 0)
        for turn in wanted.values():
            if whole:
                self._unpark(turn)
            elif turn.parked is not None:
                turn.parked = max(turn.parked, (end[0], end[1] + 1))

    def take(self, most: int, now: float, *, shared: bool, apart: bool = False) -> list[Item[H]]:
        """Return up to `most` entries that may leave together; their turns are busy now.

        `shared` lets consecutive entries of a turn go together; `apart` takes suspects instead.
        """
        self._wake(now)
        share = shared and self._ordering != "strict"
        taken: list[Item[H]] = []
        leaving = self.departures.together(most) if apart else self.departures.ready
        while leaving and len(taken) < most:
            turn = leaving.popleft()
            if turn.flying or not turn.items:
                continue
            count = min(len(turn.items), most - len(taken)) if share else 1
            for _ in range(count):
                if turn.items[0].deaths and turn.flying:
                    break
                item = turn.items.popleft()
                item.taken = True
                self.bodies += item.raw is None  # it is fetched now
                turn.flying.append(item)
            taken += turn.flying
        return taken

    def finish(self, items: list[Item[H]], again: list[Item[H]], due: float, now: float) -> None:
        """Take back one turn's part of a batch: `again` goes to its front and waits until `due`.

        `items` are all entries of that turn that `take` gave; what is not in `again` is over.
        """
        turn = self._turns.get(self._key(items[0]))
        if turn is None:
            return
        turn.flying = []
        self.ids -= len(items) - len(again)
        self.bytes -= sum(item.size for item in items) - sum(item.size for item in again)
        self.bodies -= len(items) - sum(item.raw is not None for item in again)
        turn.items.extendleft(reversed(again))
        if again:
            self._hungry.pop(turn.key, None)
        elif turn.parked is not None and len(turn.items) <= self._share // 2:
            self._hungry[turn.key] = turn
        if turn.items:
            self._enqueue(turn, due if again else now, now)
        elif turn.parked is None:
            del self._turns[turn.key]

    def turns(self, items: Iterable[Item[H]]) -> list[list[Item[H]]]:
        """Return a batch's entries by turn, each in order: the parts that `finish` wants."""
        turns: dict[tuple[H, bytes], list[Item[H]]] = {}
        for item in items:
            turns.setdefault(self._key(item), []).append(item)
        return list(turns.values())

    def drop(self, home: H) -> None:
        """Forget all entries of a lane that this process does not own any more."""
        for key in [key for key in self._turns if key[0] is home]:
            turn = self._turns.pop(key)
            self.ids -= len(turn.items) + len(turn.flying)
            self.bodies -= sum(item.raw is not None for item in turn.items) + len(turn.flying)
            self.bytes -= sum(item.size for item in (*turn.items, *turn.flying))
            turn.items.clear()
            self._heavy.discard(turn)
            self._unpark(turn)
        self.departures.drop(home)

    def restore(self, item: Item[H], raw: bytes) -> None:
        """Give an entry of which only the id was kept its body back."""
        item.raw = raw
        if self._key(item) in self._turns:
            self.bytes += len(raw)

    def _key(self, item: Item[H]) -> tuple[H, bytes]:
        return (item.home, item.id if self._ordering == "none" else item.turn)

    def _lighten(self, item: Item[H]) -> None:
        self.bodies -= item.raw is not None
        self.bytes -= item.size
        item.raw = None

    def _append(self, turn: Turn[H], item: Item[H], now: float, wall_ms: int) -> None:
        turn.items.append(item)
        self.ids += 1
        self.bodies += item.raw is not None
        self.bytes += item.size
        if turn.failed:
            self._heavy.add(turn)
        if len(turn.items) == 1 and not turn.flying:
            wait = due_in(item.tried.attempts, item.tried.due_at, wall_ms) if item.tried else 0.0
            self._enqueue(turn, now + wait, now)

    def _enqueue(self, turn: Turn[H], due: float, now: float) -> None:
        if not self.departures.put(turn, due, now):
            return
        turn.failed = turn.items[0].tried is not None
        if turn.failed:
            self._heavy.add(turn)
            if not self.room:
                self._relieve()

    def _wake(self, now: float) -> None:
        if self.departures.next_at > now:
            return
        for turn in self.departures.wake(now):
            turn.failed = False
            self._heavy.discard(turn)

    def _park(self, turn: Turn[H], first: bytes) -> None:
        """Forget a turn from an entry on; that entry is not in memory any more."""
        self.parked += turn.parked is None
        turn.parked = place(first)

    def _unpark(self, turn: Turn[H]) -> None:
        self.parked -= turn.parked is not None
        turn.parked, turn.beyond = None, 0
        self._hungry.pop(turn.key, None)
        if not turn.items and not turn.flying:
            self._turns.pop(turn.key, None)

    def _relieve(self) -> None:
        """Of turns that failed keep only ids, or next to nothing: others get the room."""
        for turn in self._heavy:
            for item in turn.items:
                self._lighten(item)
        self._heavy.clear()
        if self.ids < self._most_ids:
            return
        for turn in self.departures.delayed:
            while turn.failed and len(turn.items) > 1 and not turn.items[-1].taken:
                item = turn.items.pop()
                self.ids -= 1
                self._lighten(item)
                self._park(turn, item.id)
                turn.beyond += 1
