"""Taking one client's record out: a page to read and a file for other programs."""
