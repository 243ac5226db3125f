"""What people on the waiting list are told: an hour on offer, that it is gone, one question."""
