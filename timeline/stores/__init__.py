"""Where the log is kept: the same record in a SQLite file or a PostgreSQL database."""
