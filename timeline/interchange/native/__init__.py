"""Native rows: their fields, and their commands."""
