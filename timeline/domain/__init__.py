"""The newsroom rules: what may be recorded, and where somebody stands."""
