"""Who cares for whom, and since when."""
