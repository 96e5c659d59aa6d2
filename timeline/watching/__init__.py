"""Watching feeds and folders: what they hold goes into the inbox of the desk."""
