"""Service steps: called inside or outside of the transaction, or fetched by programs outside."""
