"""What people do to running cases from outside of their flow: mend, move, suspend, and many at once."""
