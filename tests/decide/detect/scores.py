"""What detection finds of labelled data and what it takes for personal data wrongly, per kind.

`python -m tests.decide.detect.scores` (`make scores`) prints the tables; given the paths of other
files of events or cases it scores those. Events: `{event, pii: [{path, kind, value}]}`; cases:
`{text, kind, is_pii}`, those whose `is_pii` is null are nobody's to decide.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from router.decide.policy.hints import PROSE
from router.decide.policy.keys import phrases_of
from tests.decide.making import policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from router.decide.policy.policy import Policy

CORPORA = Path(__file__).parents[2] / "corpora"
BY_VALUE = ("email", "phone", "ip", "card", "iban", "ssn")
KINDS = {
    "credit_card": "card",
    "us_ssn": "ssn",
    "jwt_with_email": "email",
    "crypto_wallet": "crypto",
}
NEVER_LEAVES = ("integrations", "writeKey")


@dataclass
class Score:
    """How one kind fared; `misses` and `wrong` are where."""

    found: int = 0
    total: int = 0
    right: int = 0
    misses: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of what is personal data that was found; 1 where there is none."""
        return self.found / self.total if self.total else 1.0

    @property
    def precision(self) -> float:
        """The share of what was changed that is personal data; 1 where nothing was."""
        changed = self.right + len(self.wrong)
        return self.right / changed if changed else 1.0


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf with its JSON pointer."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}/{index}")
    else:
        yield path, value


def is_prose(path: str) -> bool:
    """Tell whether the last key of a path speaks of free text."""
    keys = [key for key in path.split("/") if key and not key.isdigit()]
    return bool(keys) and not PROSE.isdisjoint(phrases_of(keys[-1])) and keys[-1] != "search"


def score_events(lines: Iterable[str]) -> dict[tuple[str, str], Score]:
    """Return the scores by place (structured, free text) and kind.

    Kinds with a shape of their own by a rule for that kind alone, all others by `pii.trusted`,
    whose precision is over all kinds.
    """
    by_kind = {kind: policy(((kind,), "redact")) for kind in BY_VALUE}
    scores: dict[tuple[str, str], Score] = defaultdict(Score)
    for line in lines:
        labelled = json.loads(line)
        event = labelled["event"]
        labels = [
            (item["path"], KINDS.get(item["kind"], item["kind"]), str(item["value"]))
            for item in labelled["pii"]
        ]
        for kind, policy_ in by_kind.items():
            of_kind = [label for label in labels if label[1] == kind]
            _score(scores, policy_, event, of_kind, kind)
        _score(scores, policy(trusted=False), event, labels, None)
    return scores


def _score(
    scores: dict[tuple[str, str], Score],
    policy_: Policy,
    event: dict[str, Any],
    labels: list[tuple[str, str, str]],
    only: str | None,
) -> None:
    before = dict(leaves(event))
    after = dict(leaves(policy_.strip(event).payload))
    for path, kind, value in labels:
        if only is None and kind in BY_VALUE:
            kind = f"{kind} (trusted)"  # noqa: PLW2901 - told apart from the rule's
        score = scores["free text" if is_prose(path) else "structured", kind]
        score.total += 1
        if value in str(after.get(path, "")):
            score.misses.append(f"{path}: {before[path]}")
        else:
            score.found += 1
    of_labels = {path for path, _, _ in labels}
    for path, value in before.items():
        if path.split("/", 2)[1] in NEVER_LEAVES or after.get(path) == value:
            continue
        score = scores["free text" if is_prose(path) else "structured", only or "all (trusted)"]
        if path in of_labels:
            score.right += 1
        else:
            score.wrong.append(f"{path}: {value}")


def score_cases(lines: Iterable[str], key: str = "field") -> dict[str, Score]:
    """Return the scores of single texts below a key, by the kind they are labelled with."""
    scores: dict[str, Score] = defaultdict(Score)
    policies: dict[tuple[str, ...], Policy] = {}
    for line in lines:
        case = json.loads(line)
        kind = shown = case["kind"]
        if case["is_pii"] is None or kind.endswith("_key_only"):
            continue
        wanted = (value_kind(kind),) if not kind.startswith("neg_") else BY_VALUE
        if wanted not in policies:
            policies[wanted] = policy((wanted, "redact"))
        text = case["text"]
        left = policies[wanted].strip({"type": "track", "properties": {key: text}}).payload
        changed = left["properties"].get(key) != text
        score = scores[shown]
        if case["is_pii"]:
            score.total += 1
            score.found += changed
            score.right += changed
            if not changed:
                score.misses.append(text)
        elif changed:
            score.wrong.append(text)
    return scores


def value_kind(kind: str) -> str:
    """Return the kind of detection that a label of the cases belongs to."""
    if kind in KINDS:
        return KINDS[kind]
    first = kind.partition("_")[0]
    if first in BY_VALUE or first in ("mac", "credit"):
        return "card" if first == "credit" else first
    return "national_id"


def table(scores: dict[Any, Score]) -> str:
    """Write scores as a table, followed by what was missed and what was wrong."""
    rows = [f"{'':34}{'labelled':>9}{'recall':>9}{'precision':>11}"]
    below = []
    for name, score in sorted(scores.items()):
        title = ", ".join(name) if isinstance(name, tuple) else name
        rows.append(f"{title:34}{score.total:9}{score.recall:9.3f}{score.precision:11.3f}")
        below += [f"missed   {title}: {text!r:.150}" for text in score.misses[:40]]
        below += [f"wrong    {title}: {text!r:.150}" for text in score.wrong[:40]]
    return "\n".join([*rows, "", *below])


def main(paths: list[str]) -> None:
    """Print the tables of these files, or of the project's own."""
    own = [CORPORA / "pii_events.jsonl", CORPORA / "pii_cases.jsonl"]
    for path in [Path(given) for given in paths] or own:
        lines = path.read_text("utf-8").splitlines()
        events = '"event"' in lines[0]
        scores = table(score_events(lines) if events else score_cases(lines))
        sys.stdout.write(f"{path.name}, {len(lines)} lines\n\n{scores}\n\n")


if __name__ == "__main__":
    main(sys.argv[1:])
