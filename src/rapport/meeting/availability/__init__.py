"""When somebody can be met: hours, days off, outside commitments, and what is free of it all."""
