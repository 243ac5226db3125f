"""What a client rates or counts each day, and what that comes to beside the phases of the work."""
