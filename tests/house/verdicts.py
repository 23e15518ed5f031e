"""The truth table of `docs/verdicts.md`, made from the cases that the tests hold the router to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.decide.segment.differences import Difference
from router.decide.verdict import Skip
from router.observe.reasons import MapOddity
from tests.decide.consent.cases import CONSENT
from tests.decide.map_cases import MAPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from router.observe.reasons import Reason
    from tests.decide.cases import Case

HEAD = ("case", "the event says", "the destination declares", "verdict", "because", "Segment")


def render_maps() -> str:
    """Return the cases of the event's own map."""
    return _tables(MAPS)


def render_consent() -> str:
    """Return the cases of consent."""
    return _tables(CONSENT)


def render_oddities() -> str:
    """Return what of a map is told as odd."""
    return _meanings(MapOddity)


def render_differences() -> str:
    """Return where the router leaves what Segment does."""
    return _meanings(Difference)


def _tables(cases: Mapping[str, Iterable[Case]]) -> str:
    return "\n\n".join(f"### {title}\n\n{_table(some)}" for title, some in cases.items())


def _table(cases: Iterable[Case]) -> str:
    rows = [HEAD, ("---",) * len(HEAD), *map(_row, cases)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(case: Case) -> tuple[str, ...]:
    verdict = case.verdict + (f" `{case.reason}`" if case.reason else "")
    above = f"file: {_code(case.above)}" if case.above else ""
    declared = "<br>".join(filter(None, (_code(case.declared), above)))
    return (_cell(case.title), _code(case.event), declared, verdict, _cell(case.why),
            _segment(case))  # fmt: skip


def _segment(case: Case) -> str:
    """Return what Segment would do where it differs, with the difference."""
    [verdict], [comparison] = case.routes.verdicts(case.came), case.comparisons
    reason = verdict.reason.value if isinstance(verdict, Skip) else None
    told = comparison.beside(case.came, reason)
    return f"{told['verdict']}: {told['difference']}" if told["differs"] else ""


def _code(text: str) -> str:
    """Return each line as code; `{}` is what says nothing."""
    return "<br>".join(f"`{_cell(line)}`" for line in text.splitlines() if line != "{}")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _meanings(reasons: Iterable[Reason]) -> str:
    rows = [("code", "what it means"), ("---", "---")]
    rows += [(f"`{reason.value}`", reason.meaning) for reason in reasons]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
