"""Our task specs: what each kind of element does with a token.

Each class derives from SpiffWorkflow's and replaces those hooks in which it differs from
BPMN 2.0 or costs more than it should. No class here reads XML or touches a table.
"""
