"""Equipment that meetings share: what there is of it where, and which piece a meeting takes."""
