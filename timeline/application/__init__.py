"""What an editor, a coder or an importer may do: one command at a time, one small stream each."""
