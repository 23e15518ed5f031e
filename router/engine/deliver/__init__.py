"""Deliver: from a lane to an attempt: who may go next, with whom, and what of it is given."""
