"""The form for a statement: draft, checks, and where it would land."""
