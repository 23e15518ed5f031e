"""Everything that the author of a destination needs, from one import."""

from pydantic import Field, SecretStr

from destinations.contract import (
    ALL_TYPES,
    Adapter,
    Ask,
    Batch,
    Call,
    Exchange,
    Judgement,
    Known,
    Outcomes,
    Requests,
    Settings,
    Split,
)
from destinations.delivery import Delivery
from destinations.duration import Duration
from destinations.endpoint import Endpoint
from destinations.judgement import json_of, judge_error, judge_response
from destinations.outcome import Delivered, Held, Outcome, Rejected, Retry, Throttled, Unknown
from destinations.waits import asked_wait, retry_after

__all__ = [
    "ALL_TYPES",
    "Adapter",
    "Ask",
    "Batch",
    "Call",
    "Delivered",
    "Delivery",
    "Duration",
    "Endpoint",
    "Exchange",
    "Field",
    "Held",
    "Judgement",
    "Known",
    "Outcome",
    "Outcomes",
    "Rejected",
    "Requests",
    "Retry",
    "SecretStr",
    "Settings",
    "Split",
    "Throttled",
    "Unknown",
    "asked_wait",
    "json_of",
    "judge_error",
    "judge_response",
    "retry_after",
]
