"""What everybody says alike: reason codes, log lines, the status."""
