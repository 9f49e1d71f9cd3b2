"""The relation classifier: what one marked party does to another in a sentence."""
