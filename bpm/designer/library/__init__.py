"""Forms and decisions as process owners make them: drafts, publications, trying them out, their pages."""
