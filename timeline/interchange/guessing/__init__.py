"""Propose a map: guess what the columns of a foreign table mean."""
