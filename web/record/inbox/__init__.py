"""The inbox: the list of texts that wait to be coded."""
