"""Backups: the log and the desk of a store in one file, and the way back."""
