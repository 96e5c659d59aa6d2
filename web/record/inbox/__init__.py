"""The inbox: what waits to be coded, listed for all who code."""
