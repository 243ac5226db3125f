"""In which languages a client is asked."""

from rapport.people.clients.models import Client
from rapport.people.practice import queries as practice


def of(client: Client) -> list[str]:
    """The client's own in their order, then the practice's, as BCP 47 writes them."""
    return [*client.languages, practice.language()]
