"""The rules of the check: their names, how grave they are, and the words in which they are told."""
