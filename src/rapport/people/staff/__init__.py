"""Who works here, in which roles, supervised by whom."""
