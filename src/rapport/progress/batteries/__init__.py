"""An assessment: why, which tests in which order, how long, what they came to, the report."""
