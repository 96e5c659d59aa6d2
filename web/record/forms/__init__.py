"""What every form is made of: its sheet, its signature and its answers."""
