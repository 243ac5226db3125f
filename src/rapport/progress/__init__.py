"""What changes: measures, scores, alerts."""
