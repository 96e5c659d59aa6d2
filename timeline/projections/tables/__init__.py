"""The tables of the read models, and what rows in them mean."""
