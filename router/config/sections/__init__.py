"""What an operator may write: the sections of the file as frozen models, with their defaults."""
