"""What a service step can do: one self-describing file each; see ``registry.py``."""
