"""Everything that is in Redis: intakes, lanes, leases, counters, dead letters; and its server."""
