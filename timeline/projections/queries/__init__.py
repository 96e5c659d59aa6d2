"""What pages, commands and exports ask of the read models, one file a question."""
