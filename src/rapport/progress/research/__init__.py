"""Numbers for research: of those who agreed, without names or dates, nobody alone in a group."""
