"""The native rows: their fields, and the commands that they come to."""
