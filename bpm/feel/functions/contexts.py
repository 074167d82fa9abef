"""Context functions (DMN 1.5, 10.3.4.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpm.feel.functions.registry import builtin
from bpm.feel.limits import Run
from bpm.feel.scope import MISSING


@builtin("get value", "m: context, key: string -> Any", quiet=True)
def get_value(run: Run, context: Mapping[str, Any], key: str) -> Any:
    """The entry of a key, or null (10.3.4.10)."""
    return run.value(context.get(key))


@builtin("get value", "context: context, keys: list -> Any", quiet=True)
def get_value_by_path(run: Run, context: Mapping[str, Any], keys: list[Any]) -> Any:
    """The entry found by following several keys (an addition of other tools, not of the standard)."""
    value: Any = context
    for key in keys:
        if not isinstance(value, Mapping) or type(key) is not str:
            return None
        value = run.value(value.get(key))
    return value if keys else None


@builtin("get entries", "m: context -> list<context<key: string, value: Any>>")
def get_entries(run: Run, context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries as a list of contexts with ``key`` and ``value`` (10.3.4.10)."""
    run.pay(len(context))
    return [{"key": key, "value": run.value(context[key])} for key in context]


@builtin("context", "entries: list<context> -> context")
def context_of(run: Run, entries: list[Any]) -> dict[str, Any] | None:
    """The context made of contexts with ``key`` and ``value``; keys must differ (10.3.4.10)."""
    run.pay(len(entries))
    result: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, Mapping):
            return None
        key, value = entry.get("key"), entry.get("value", MISSING)
        if type(key) is not str or value is MISSING or key in result:
            return None
        result[key] = run.value(value)
    return result


@builtin("context put", "context: context, key: string, value: any -> context")
def context_put(run: Run, context: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The context with one entry set (10.3.4.10)."""
    run.pay(len(context))
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any -> context")
def context_put_deep(
    run: Run, context: Mapping[str, Any], keys: list[Any], value: Any
) -> dict[str, Any] | None:
    """The context with one entry set inside nested contexts (10.3.4.10)."""
    if not keys or any(type(key) is not str for key in keys):
        return None
    run.pay(len(keys))
    result = dict(context)
    inner = result
    for key in keys[:-1]:
        following = inner.get(key)
        if following is not None and not isinstance(following, Mapping):
            return None
        inner[key] = dict(following or {})
        inner = inner[key]
    inner[keys[-1]] = value
    return result


@builtin("context merge", "contexts: list<context> -> context")
def context_merge(run: Run, contexts: list[Any]) -> dict[str, Any] | None:
    """One context of many; of equal keys the last counts (10.3.4.10)."""
    result: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, Mapping):
            return None
        run.pay(len(context) + 1)
        result.update(context)
    return result
