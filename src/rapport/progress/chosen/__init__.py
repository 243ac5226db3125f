"""By which published number a practice judges change, where sources give several."""
