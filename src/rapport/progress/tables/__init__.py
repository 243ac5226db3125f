"""Measures as tables for statistics programs: SPSS, or CSV with a codebook.

One row a sheet, one file a questionnaire. No name and no date stand in them: a client is a code
that is new in each export, and time is counted in days from the first sheet.
"""
