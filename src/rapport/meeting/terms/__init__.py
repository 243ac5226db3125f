"""The practice's word on calling off, in versions, and who accepted which."""
