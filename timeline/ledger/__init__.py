"""The ledger: a tree of hashes over the log, by which anyone can tell whether it was rewritten."""
