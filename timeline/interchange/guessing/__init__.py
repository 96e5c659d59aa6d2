"""Proposals for maps: what the columns of a foreign table seem to mean."""
