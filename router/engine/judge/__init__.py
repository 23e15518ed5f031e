"""Judge: from an answer to what becomes of each delivery."""
