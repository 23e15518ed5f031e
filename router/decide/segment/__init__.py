"""Segment: what it would have decided about an event, for comparison only, and why we differ."""
