"""English: what its rules read, and the tables they read it with."""
