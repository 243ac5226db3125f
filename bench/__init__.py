"""Measuring: pages a second, statements a page, memory. Run by ``rapport bench``."""
