"""The processes that ship ready to run, shown so that one can be taken as a start."""
