"""Who gets what, and what they see: pure functions of values, compiled once."""
