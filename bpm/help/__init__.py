"""Help inside the program: the page on the expression language, with a box to try it.

Every example is shown with its result, and a test evaluates each, so the page cannot lie.
"""
