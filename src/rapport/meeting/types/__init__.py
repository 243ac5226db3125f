"""What a practice offers: the kinds of appointment that can be booked, and by whom."""
