"""What is wrong with a diagram, before it runs: one list of rules for the designer and the server.

``check.lint`` is the way in; ``rules`` tells what each rule is called and says.
"""
