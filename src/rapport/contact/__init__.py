"""What goes out: words to people outside this house, always discreet."""
