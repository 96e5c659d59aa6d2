"""Import: files are read, loaded row by row, and summarised."""
