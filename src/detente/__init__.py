"""Open event data that can be checked: from reports to a cited brief."""
