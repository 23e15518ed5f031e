"""The configuration: the file, its models, its linter."""

from router.config.adapters import adapter_classes
from router.config.load import load, parse
from router.config.model import Config
from router.config.problem import ConfigError, Problem

__all__ = ["Config", "ConfigError", "Problem", "adapter_classes", "load", "parse"]
