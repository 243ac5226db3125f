"""What is written: progress notes that are signed, process notes that are their author's."""
