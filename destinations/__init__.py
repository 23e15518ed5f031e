"""Everything that the author of a destination needs, from one import."""

from pydantic import Field, SecretStr

from destinations.contract import (
    ALL_TYPES,
    Adapter,
    Batch,
    Call,
    Exchange,
    Judged,
    Judgement,
    Outcomes,
    Settings,
    Split,
)
from destinations.delivery import Delivery
from destinations.duration import Duration
from destinations.endpoint import Endpoint
from destinations.judgement import judge_error, judge_response, retry_after
from destinations.outcome import Delivered, Held, Outcome, Rejected, Retry, Throttled, Unknown

__all__ = [
    "ALL_TYPES",
    "Adapter",
    "Batch",
    "Call",
    "Delivered",
    "Delivery",
    "Duration",
    "Endpoint",
    "Exchange",
    "Field",
    "Held",
    "Judged",
    "Judgement",
    "Outcome",
    "Outcomes",
    "Rejected",
    "Retry",
    "SecretStr",
    "Settings",
    "Split",
    "Throttled",
    "Unknown",
    "judge_error",
    "judge_response",
    "retry_after",
]
