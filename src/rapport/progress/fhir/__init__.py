"""Measures for other programs: FHIR R4 questionnaires, responses and observations.

Plain dicts, made of a library file, a sheet and its score. What a practice typed in itself is
never among them: words come from the library's files alone, and only where anybody may pass
them on.
"""
