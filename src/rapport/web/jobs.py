"""The doors' jobs, where the queue looks for them."""

from rapport.web.signin import jobs

__all__ = ["jobs"]
