"""Questionnaires: asked, answered, scored."""
