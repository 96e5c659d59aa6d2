"""Files of other programs: what reads them, and the maps that come with it."""
