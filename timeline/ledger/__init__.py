"""The ledger: a hash tree over the log that shows whether it was rewritten."""
