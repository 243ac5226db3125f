"""A client's record as a file to hand over: to read, and to take to another program."""
