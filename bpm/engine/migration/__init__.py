"""Running cases move to another version of their process: mapping, dry run, the move, and its undo."""
