"""The desk: what the newsroom works with and the log does not know; nothing can make it again."""
