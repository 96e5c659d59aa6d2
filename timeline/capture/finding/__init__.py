"""What all languages share: passages that were found, who is named, and what is still in mind."""
