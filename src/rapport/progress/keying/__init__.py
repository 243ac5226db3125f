"""Paper that is keyed twice: the second time blind, and what differs is decided by somebody."""
