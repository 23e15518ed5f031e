"""Preview: commands that show what would happen to events; none of them sends anything."""
