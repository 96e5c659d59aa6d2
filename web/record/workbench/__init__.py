"""The workbench: one text, what is recorded of it, what may be, and the form for the next of it."""
