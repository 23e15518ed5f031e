"""What an event is: read from bytes, mended, given its identity and its user key."""
