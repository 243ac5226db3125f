"""The languages Rapport speaks: the code, and the name in the language itself."""

LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]
