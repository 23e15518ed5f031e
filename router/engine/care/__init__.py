"""Care: after a worker ended without a word, what it had in flight is tried apart, then alone."""
