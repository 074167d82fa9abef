"""User tasks: who gets them, who may do what with them, and what becomes of them."""
