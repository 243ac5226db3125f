"""Expected response: what was learned of each questionnaire, and whose course is not like it."""
