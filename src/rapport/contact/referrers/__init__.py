"""Who sends people here, to whom people are sent, and how people heard of the practice."""
