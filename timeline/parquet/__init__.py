"""Tables in typed columns, as programs for data read them: written and read by DuckDB."""
