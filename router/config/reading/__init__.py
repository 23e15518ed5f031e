"""How a file is read: from its text to a `Config`, or to everything that is wrong with it."""
