"""Consent: what an event says about it, and whether that is enough for a destination."""
