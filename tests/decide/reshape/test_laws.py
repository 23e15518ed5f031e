"""Laws of transformations, over any event and any steps: total, nothing comes from elsewhere."""

from __future__ import annotations

import copy
import re
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from router.decide.consent.signals import signals
from router.decide.reshape.transform import ReshapeError, compile_transform
from tests.decide.making import Hashing, Step, event
from tests.decide.test_laws import EVENTS, VALUES

PLACES = st.sampled_from(
    ["traits.email", "traits.a", "properties.products.a", "properties.url", "properties.products",
     "context.phone", "context.a", "a\\.b", "email", "traits.a.email"]
)  # fmt: skip
STEPS = st.builds(
    Step,
    if_=st.sampled_from([None, "type = 'track'", "traits.a = null"]),
    rename_event=st.sampled_from([None, "New"]),
    rename=st.dictionaries(PLACES, PLACES, max_size=2),
    copy_=st.dictionaries(PLACES, PLACES, max_size=2),
    set_=st.dictionaries(PLACES, VALUES, max_size=2),
    hash_=st.none() | st.builds(Hashing, st.tuples(PLACES)),
    drop=st.tuples(PLACES) | st.just(()),
)


@given(EVENTS, st.lists(STEPS, min_size=1, max_size=3))
def test_any_transformation_of_any_event(data: dict[str, Any], steps: list[Step]) -> None:
    """A step is refused at start or total; what it is given, and who and what it is of, stays."""
    try:
        reshape = compile_transform(steps)
    except ReshapeError:
        return
    assert reshape is not None
    before = copy.deepcopy(data)
    after = reshape(data)

    assert before == data
    assert orjson.dumps(after)
    fixed = ("type", "messageId", "timestamp", "userId", "integrations")
    assert [data.get(key) for key in fixed] == [after.get(key) for key in fixed]
    if isinstance(data.get("context", {}), dict):
        happened = event()._replace(data=data)
        assert signals(happened) == signals(happened._replace(data=after))
    new = leaves(after) - leaves(data) - constants(steps)
    assert not new or any(step.hash_ for step in steps)
    assert all(re.fullmatch(rb'"[0-9a-f]{64}"', leaf) for leaf in new)


def leaves(value: Any) -> set[bytes]:
    """Return every value of a JSON value that holds no other."""
    if isinstance(value, dict) and value:
        return {leaf for item in value.values() for leaf in leaves(item)}
    if isinstance(value, list) and value:
        return {leaf for item in value for leaf in leaves(item)}
    return {orjson.dumps(value)}


def constants(steps: list[Step]) -> set[bytes]:
    """Return what the steps themselves bring, and objects and lists that they may empty."""
    own = [value for step in steps for value in step.set_.values()]
    return leaves(own) | {b"{}", b"[]", b'"New"'}
