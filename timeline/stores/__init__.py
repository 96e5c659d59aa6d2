"""The stores of the log: a SQLite file or a PostgreSQL database."""
