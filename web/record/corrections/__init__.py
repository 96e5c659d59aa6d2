"""Forms that mend an entry: correct, retract, link, second, reply."""
