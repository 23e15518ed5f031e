"""Hold: what a destination bears, whether it gets anything now, and who is told."""
