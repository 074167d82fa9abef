"""Functions on people and records: the program's own, beside those of the language."""

from __future__ import annotations

from bpm.help.lesson import Function, Group
from bpm.language import lazy

PEOPLE = Group(
    "people",
    lazy("People and records"),
    (
        Function("owner", lazy("who is responsible for a record"), "owner(deal)", '"anna.nowak"'),
        Function("manager_of", lazy("the manager of a person"), "manager_of(initiator)", '"olga.ivanova"'),
        Function("head_of", lazy("the head of a department"), 'head_of("finance")', '"maria.wojcik"'),
        Function(
            "members",
            lazy("all people of a group"),
            'members("lawyer")',
            '["emily.clark", "katarzyna.lis", "pavel.smirnov"]',
        ),
        Function(
            "free_members",
            lazy("the people of a group who are not absent"),
            'count(free_members("lawyer"))',
            "3",
        ),
        Function(
            "least_loaded",
            lazy("of several people the one with the fewest open tasks"),
            'least_loaded(members("lawyer"))',
            '"emily.clark"',
        ),
        Function("name_of", lazy("the name of a person"), "name_of(initiator)", '"Anna Nowak"'),
        Function(
            "email_of",
            lazy("the e-mail address of a person"),
            "email_of(initiator)",
            '"anna.nowak@company.example"',
        ),
        Function("money", lazy("a sum as titles show it"), "money(amount)", '"1\u00a0200\u00a0000"'),
    ),
    lazy(
        "People are named by their log-in names. These functions belong to this program; "
        "all others belong to the standard DMN 1.5."
    ),
)
