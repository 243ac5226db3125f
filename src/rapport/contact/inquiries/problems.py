"""What the area says when something cannot be."""


class CannotTake(Exception):
    """It cannot be so. ``field`` names what is wrong; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
