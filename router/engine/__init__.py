"""The engine: owns intakes and shards, routes, batches, sends, judges and settles."""
