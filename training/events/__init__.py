"""The event reader: which words of a sentence report an event, of which type, by whom, to whom."""
