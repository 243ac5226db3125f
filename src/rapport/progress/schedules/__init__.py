"""What is asked when: the practice's plan, a client's schedules, and asking what was raised."""
