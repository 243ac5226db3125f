"""By which number a language counts so many points."""


def counted(points: float) -> int:
    """The number for a plural. A fraction counts as a hundred, which every language says with its
    number: Arabic has words for one and two that hold none, so 1.5 would be read as two."""
    return 100 if points % 1 else int(points)
