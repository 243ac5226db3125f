"""Words of questionnaires under a licence of their own: off until somebody accepts it."""
