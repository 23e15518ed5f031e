"""What may stand behind a word: durations, addresses and paths, each checked as it is read."""
