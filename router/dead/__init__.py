"""Dead letters and the shelf: find them, forecast what a replay would do, replay, discard."""
