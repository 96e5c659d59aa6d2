"""The lanes chart: who stood where, when it moved, as plain geometry."""
