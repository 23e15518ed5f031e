"""The Celery app, the step that hosts the engine, and the operators' few tasks."""
