"""What a practice's treatments came to, in numbers of many and never of one."""
