"""The way out: rates, connections, and which addresses may be reached."""
