"""Judge a run: what was planned against what landed, what is dead, and what the ledger says."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from router.observe.reasons import DeadReason, SkipReason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from router.store.ledger import Ledger
    from router.store.letters import Letter
    from tests.chaos.five import Landed
    from tests.chaos.plan import Plan


@dataclass(slots=True)
class Judgement:
    """What is wrong with a run, and how often messages came again."""

    lost: dict[str, set[str]] = field(default_factory=dict)
    """Planned, and neither there nor dead with a reason."""
    unplanned: dict[str, set[str]] = field(default_factory=dict)
    """There or dead, and not planned."""
    renamed: dict[str, set[str]] = field(default_factory=dict)
    """Came again under another idempotency key."""
    miscounted: list[str] = field(default_factory=list)
    """Where the ledger says something else than the plan."""
    poisoned: list[str] = field(default_factory=list)
    """Called poison, where workers were killed by chance."""
    planned: int = 0
    dead: int = 0
    withdrawn: Counter[str] = field(default_factory=Counter)
    """Planned and not sent, because the user denied it meanwhile; by destination."""
    again: Counter[str] = field(default_factory=Counter)
    """Arrivals of what was already there, by destination."""

    faults: Counter[str] = field(default_factory=Counter)
    """How often something went wrong at the vendor, as the ledger says."""

    @property
    def faultless(self) -> bool:
        """Tell whether nothing at all is wrong."""
        return not (self.lost or self.unplanned or self.renamed or self.miscounted or self.poisoned)

    @property
    def duplicates(self) -> float:
        """How many of the planned deliveries came again, in percent."""
        return 100 * self.again.total() / max(1, self.planned)


def judge(
    plan: Plan,
    landed: Mapping[str, Sequence[Landed]],
    letters: Sequence[Letter],
    ledger: Ledger,
) -> Judgement:
    """Compare everything with the plan."""
    found = Judgement(planned=plan.deliveries, dead=len(letters))
    found.poisoned = [letter.id for letter in letters if letter.reason == DeadReason.POISON]
    dead: defaultdict[str, set[str]] = defaultdict(set)
    for letter in letters:
        if letter.reason and letter.entry is not None:
            dead[letter.destination].add(letter.entry.message_id)
    for name, expected in plan.sends.items():
        arrived = {one.message_id for one in landed[name]}
        missing = expected - arrived - dead[name]
        _note(found.lost, name, missing - plan.withdrawable.get(name, set()))
        found.withdrawn[name] = len(missing)
        _note(found.unplanned, name, (arrived | dead[name]) - expected)
        _note(found.renamed, name, _renamed(landed[name]))
        found.again[name] += len(landed[name]) - len(arrived)
    found.miscounted = _miscounted(plan, ledger, found.withdrawn)
    for counted in ledger.lanes.values():
        for fault in ("retried", "unknown"):
            found.faults[fault] += counted.other.get(fault, 0)
    return found


def _note(found: dict[str, set[str]], name: str, ids: set[str]) -> None:
    if ids:
        found[name] = ids


def _renamed(landed: Sequence[Landed]) -> set[str]:
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for one in landed:
        keys[one.message_id].add(one.key)
    return {message_id for message_id, known in keys.items() if len(known) > 1}


def _miscounted(plan: Plan, ledger: Ledger, withdrawn: Counter[str]) -> list[str]:
    wrong = [] if ledger.holds else ["conservation does not hold"]
    for lane, counted in ledger.lanes.items():
        name = lane.partition(":")[0]
        filtered = Counter(counted.filtered)
        gone = filtered.pop(SkipReason.CONSENT_WITHDRAWN, 0)
        if filtered != plan.skips[name]:
            wrong.append(f"{name}: {dict(counted.filtered)} filtered")
        # More may be counted than are missing: some landed, and died before that was written.
        if not withdrawn[name] <= gone <= len(plan.withdrawable.get(name, ())):
            wrong.append(f"{name}: {gone} withdrawn, {withdrawn[name]} missing")
        settled = counted.delivered + counted.dead + gone
        if counted.pending or settled != len(plan.sends[name]):
            wrong.append(f"{name}: {settled} settled, {counted.pending} pending")
    return wrong
