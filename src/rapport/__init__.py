"""Rapport, a psychotherapist's whole workplace.

Rooms know the therapy; doors know the browser. Read from the bottom: ``science`` is
pure mathematics and ``core`` the foundation (permission, audit, encryption, jobs);
*people* **meet**, something **progresses**, it is **recorded**, it is **paid** while
one stays a **professional**, and the world is **contacted**. ``web`` holds the doors:
desk, portal, public. A room imports only rooms below it; ``docs/tour.md`` starts here.
"""

__version__ = "0.1.0"
