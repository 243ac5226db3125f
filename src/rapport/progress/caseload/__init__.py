"""Everybody somebody treats, in a line each: who needs attention first, and why."""
