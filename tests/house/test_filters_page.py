"""The page about filters and transformations shows what really comes of its example."""

from __future__ import annotations

import json
import re

from router.config import lint, parse
from router.config.compiled import compiled, sources
from router.decide.explain import explain
from router.events.event import Arrival
from router.events.parse import parse as read
from tests.house.modules import ROOT

PAGE = (ROOT / "docs" / "filters.md").read_text("utf-8")
TIMES = ("timestamp", "originalTimestamp", "receivedAt")


def blocks(language: str) -> list[str]:
    """Return the page's examples in a language."""
    return re.findall(rf"^```{language}\n(.*?)\n```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_example_is_what_comes_of_it() -> None:
    """The configuration on the page makes of its event the payload on the page."""
    (text,) = blocks("yaml")
    event, payload, *_ = blocks("json")
    config = parse(text, {})
    happened = read(Arrival(event.encode(), "page:1"), sources(config), 1_785_578_400_000)

    told = explain(happened, compiled(config, b"any key"))["destinations"]["analytics"]["payload"]

    assert json.loads(payload) == {key: told[key] for key in told if key not in TIMES}


def test_the_example_raises_no_doubt_of_ours() -> None:
    """The linter has nothing to say of the example's filters and steps."""
    codes = {each.code for each in lint(parse(blocks("yaml")[0], {}))}

    assert not [code for code in codes if code.startswith(("filter_", "path_", "transform_"))]
