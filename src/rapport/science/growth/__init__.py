"""Expected response: how scores usually move, how one client's are likely to, what is unusual.

``fitting`` learns a model from episodes and needs SciPy: it belongs to jobs. ``bands`` and
``signals`` read a fitted model for one client and need NumPy at most.
"""
