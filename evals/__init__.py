"""Quality measured: one command per stage, with floors that only rise."""
