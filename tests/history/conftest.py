from tests.inbox.conftest import anna, office, olga

__all__ = ["anna", "office", "olga"]
