"""When clinicians work, how they are met by video, and which rooms there are."""
