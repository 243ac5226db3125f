"""The foundation every room stands on: permission, audit, encryption, events, jobs, time."""
