"""Files into the record: read, loaded row by row, told in a summary."""
