"""The changes of one step, sorted: which objects they are in, and that no two of them meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any, Protocol

from router.decide.reshape.places import ReshapeError, changeable, meets, readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from router.decide.places import Keys


class HashSection(Protocol):
    """What is read of a `hash:` section."""

    @property
    def paths(self) -> Sequence[str]:
        """The places of what is hashed."""

    @property
    def encoding(self) -> str:
        """How the digest is written; see `hashing.ENCODINGS`."""

    @property
    def secret(self) -> bytes:
        """The key; empty for a plain hash."""


class StepSection(Protocol):
    """What is read of a step of a `transform:` section."""

    @property
    def if_(self) -> str | None:
        """The events it is for; None for all."""

    @property
    def rename_event(self) -> str | None:
        """The new name of the event."""

    @property
    def rename(self) -> Mapping[str, str]:
        """New places by old ones."""

    @property
    def copy_(self) -> Mapping[str, str]:
        """Places of copies by the places of what is copied."""

    @property
    def set_(self) -> Mapping[str, Any]:
        """Values by their places."""

    @property
    def hash_(self) -> HashSection | None:
        """What is hashed."""

    @property
    def drop(self) -> Sequence[str]:
        """Places of what is taken out."""


@dataclass(slots=True)
class Within:
    """Changes within one object: the keys are its own."""

    taken: set[str] = field(default_factory=set)
    given: list[tuple[str, str]] = field(default_factory=list)
    """Pairs: the key of a value, and the key under which it is to stand."""
    put: dict[str, Any] = field(default_factory=dict)
    hashed: set[str] = field(default_factory=set)
    leaving: set[str] = field(default_factory=set)
    """Keys of values that go to another object, where that object is there."""


@dataclass(frozen=True, slots=True)
class Across:
    """A value that goes from one object to another."""

    source: Keys
    target: Keys
    moves: bool


@dataclass(slots=True)
class Changes:
    """All changes of a step but the event's name, from the outermost object inwards."""

    within: dict[Keys, Within] = field(default_factory=dict)
    across: list[Across] = field(default_factory=list)

    def at(self, keys: Keys) -> Within:
        """Return the changes within the object that a place is in."""
        return self.within.setdefault(keys[:-1], Within())


def changes_of(step: StepSection) -> Changes:
    """Return the changes of a step.

    Raises ReshapeError for a place that is not to be changed, and for two changes that meet: all
    of a step read the event as it was, so what they come to must not hang on their order.
    """
    moved = [(changeable(old), changeable(new)) for old, new in step.rename.items()]
    copied = [(readable(old), changeable(new)) for old, new in step.copy_.items()]
    put = {changeable(path): value for path, value in step.set_.items()}
    hashed = [changeable(path) for path in (step.hash_.paths if step.hash_ else ())]
    dropped = [changeable(path) for path in step.drop]
    written = [*(new for _, new in (*moved, *copied)), *put]
    taken = [*(old for old, _ in moved), *dropped]
    _check_apart(written, taken, hashed, [old for old, _ in copied], [*moved, *copied])
    changes = Changes()
    for moves, pairs in ((True, moved), (False, copied)):
        for old, new in pairs:
            if old[:-1] != new[:-1]:
                changes.across.append(Across(old, new, moves))
                if moves:
                    changes.at(old).leaving.add(old[-1])
                continue
            changes.at(new).given.append((old[-1], new[-1]))
            if moves:
                changes.at(old).taken.add(old[-1])
    for keys in dropped:
        changes.at(keys).taken.add(keys[-1])
    for keys, value in put.items():
        changes.at(keys).put[keys[-1]] = value
    for keys in hashed:
        changes.at(keys).hashed.add(keys[-1])
    changes.within = dict(sorted(changes.within.items(), key=lambda pair: len(pair[0])))
    return changes


def _check_apart(
    written: list[Keys],
    taken: list[Keys],
    hashed: list[Keys],
    copied: list[Keys],
    pairs: list[tuple[Keys, Keys]],
) -> None:
    for old, new in pairs:
        if meets(old, new):
            raise ReshapeError(f"`{'.'.join(old)}` and `{'.'.join(new)}` are in one another")
    for some in (written, taken, hashed):
        for one, other in combinations(some, 2):
            _refuse(one, other, meets(one, other))
    for one in written:
        for other in taken:  # what was moved away makes room for something else
            _refuse(one, other, meets(one, other) and one != other)
    for one in hashed:
        for other in (*written, *taken, *copied):
            _refuse(one, other, meets(one, other))


def _refuse(one: Keys, other: Keys, wrong: bool) -> None:  # noqa: FBT001 - the question's answer
    if wrong:
        places = sorted({".".join(one), ".".join(other)})
        named = " and ".join(f"`{place}`" for place in places)
        raise ReshapeError(f"two changes of one step meet at {named}")
