"""Everything that is in Redis: intakes, lanes, leases, counters, dead letters, the embedded server."""
