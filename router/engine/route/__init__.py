"""Route: from an intake to what goes into lanes."""
