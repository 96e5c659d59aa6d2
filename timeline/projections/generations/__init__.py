"""Generations of read models: filled aside, compared and switched to."""
