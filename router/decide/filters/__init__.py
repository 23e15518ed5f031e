"""Filters: expressions in FQL over an event, and what a destination does with those that match."""
