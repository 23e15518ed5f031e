"""Customer events to every destination that may have them, each with only what it may see."""

from typing import TYPE_CHECKING

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Make the Celery app when `celery -A router` asks for it, and never before."""
        if name != "app":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from router.worker.app import app  # noqa: PLC0415 - importing router never imports Celery

        return app()
