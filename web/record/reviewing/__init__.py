"""Review by a second person, if the operator demands it: one codes, another agrees."""
