"""Messages and signals: who waits for them, which case they are meant for, how they are delivered."""
