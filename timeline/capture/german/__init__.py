"""Rules for German, and their tables."""
