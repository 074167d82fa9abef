"""All pages of the inbox, put on one blueprint: lists, tasks, start pages, files."""

from __future__ import annotations

from bpm.inbox import file_pages, list_pages, start_pages, task_deeds, task_pages
from bpm.inbox.blueprint import blueprint

__all__ = ["blueprint", "file_pages", "list_pages", "start_pages", "task_deeds", "task_pages"]
