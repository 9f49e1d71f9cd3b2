"""Trains the linking of reports: word frequencies and the weights of the features."""
