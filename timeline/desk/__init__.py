"""The desk: the newsroom's working data, which the log does not have and cannot restore."""
