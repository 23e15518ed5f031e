"""Detection: personal data recognised by its value, wherever in a text it stands."""
