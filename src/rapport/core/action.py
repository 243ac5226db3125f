"""The one way to change anything: checked, whole, recorded."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from rapport.core import audit, policy

REGISTERED: dict[str, str] = {}
"""Every action by its dotted name, with the permission it asks for."""

F = TypeVar("F", bound=Callable[..., Any])


def action(permission: str) -> Callable[[F], F]:
    """Turn a keyword-only function that takes ``by`` into an audited action.

    Order: open a transaction, ask the policy, write, record, commit. The record is the
    last statement before the outermost commit. A refusal is recorded too, after the
    rollback, with the ids that were asked for.

    Raises:
        Denied: the policy says no. Nothing was written except the refusal.
    """

    def wrap(write: F) -> F:
        REGISTERED[f"{write.__module__}.{write.__name__}"] = permission

        @functools.wraps(write)
        def run(*, by: Any, **given: Any) -> Any:
            with audit.unit():
                if not policy.allows(permission, by, **given):
                    audit.refused(verb=permission, by=by, subject=given)
                    raise policy.Denied(permission)
                result = write(by=by, **given)
                audit.record(verb=permission, by=by, subject={**given, "result": result})
            return result

        run.permission = permission  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return wrap
