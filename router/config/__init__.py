"""The configuration: what an operator writes, what is wrong with it, and what it decides."""

from router.config.adapters import adapter_classes
from router.config.lint import Finding, lint
from router.config.problem import ConfigError, Problem
from router.config.reading.load import load, parse
from router.config.secret_key import privacy_key
from router.config.sections.whole import Config

__all__ = [
    "Config",
    "ConfigError",
    "Finding",
    "Problem",
    "adapter_classes",
    "lint",
    "load",
    "parse",
    "privacy_key",
]
