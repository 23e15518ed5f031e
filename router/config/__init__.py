"""The configuration: the file, its models, its linter."""

from router.config.adapters import adapter_classes
from router.config.lint import Finding, lint
from router.config.load import load, parse
from router.config.model import Config
from router.config.problem import ConfigError, Problem
from router.config.secret_key import privacy_key

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
