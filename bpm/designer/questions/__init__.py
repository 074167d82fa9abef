"""A new process from questions: answers become a model, the model a laid-out diagram with its forms."""
