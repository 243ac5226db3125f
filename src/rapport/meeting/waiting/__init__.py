"""Who waits for an hour, and to whom an hour that fell free is offered."""
