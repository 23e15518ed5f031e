"""Policy: what one destination may see of an event."""
