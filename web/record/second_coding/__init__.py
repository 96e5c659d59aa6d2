"""Second coding: statements read again without knowing how they were coded, and compared."""
