"""Gives the computer back from what stands in the undo log.

Called at start-up, by the keeper, by `candidate-agent restore` and by the login unit. May be called any number of
times, and may itself be cut off: what was put back stays so, the rest is done by the next call.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from candidate_agent.lockdown.measures.settings import PUT_BACK, holds, put_back, put_to_default
from candidate_agent.lockdown.undo_log import Disk, Entry, Leftovers, UndoLog
from candidate_agent.platforms.ports import RESTORE_AT_LOGIN, SettingPort

KEPT = "kept, so that the next login tries again"
NO_SUCH_SETTING = "this desktop does not have it now"
FOREIGN = "belongs to another user; it is neither believed nor removed"


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """`measures`: setting -> "put back", or in words what is left. Empty where there was nothing to do."""

    restored: bool
    measures: dict[str, str] = field(default_factory=dict)


def restore(
    undo_log_path: Path, settings: Sequence[SettingPort], disk: Disk | None = None, remembered: Sequence[Entry] = ()
) -> RestoreReport:
    """Newest change first. The log is removed only when nothing is left. Never raises for a setting.

    `remembered`: what the caller noted itself, for entries that somebody took out of the log meanwhile. Two restores at
    once (login unit and start, keeper and command) wait for each other; one that waits in vain goes on.
    """
    log = UndoLog(undo_log_path, disk)
    with log.disk.locked(undo_log_path):
        leftovers = _completed(log.leftovers(), remembered)
        by_name = {setting.name: setting for setting in settings}
        if leftovers.foreign:
            return RestoreReport(False, {**_put_back_all(leftovers, by_name), "undo log": FOREIGN})
        if not leftovers.entries and not leftovers.damaged:
            return _cleared(log, _put_back_stray_unit(settings))
        return _cleared(log, _put_back_all(leftovers, by_name))


def _completed(leftovers: Leftovers, remembered: Sequence[Entry]) -> Leftovers:
    known = {entry.setting for entry in leftovers.entries}
    missing = tuple(entry for entry in remembered if entry.setting not in known)
    return replace(leftovers, entries=(*missing, *leftovers.entries))


def _put_back_stray_unit(settings: Sequence[SettingPort]) -> dict[str, str]:
    """A login unit without a log runs this at every login for nothing: its log was lost, or lies in an old home."""
    for setting in settings:
        if setting.name == RESTORE_AT_LOGIN and _is_ours(setting):
            outcome = put_to_default(setting)
            return {setting.name: outcome if _is_left(outcome) else PUT_BACK}
    return {}


def _is_ours(unit: SettingPort) -> bool:
    try:
        return holds(unit)
    except Exception:
        return False  # what cannot be read is not ours


def _put_back_all(leftovers: Leftovers, settings: dict[str, SettingPort]) -> dict[str, str]:
    """The first value that was noted of a setting is the candidate's own; later ones were read from a held desktop."""
    old = {entry.setting: entry.old for entry in reversed(leftovers.entries)}
    order = list(dict.fromkeys(entry.setting for entry in reversed(leftovers.entries)))
    if leftovers.damaged:
        order = [name for name in reversed(settings) if name not in old] + order
    order.sort(key=lambda name: name == RESTORE_AT_LOGIN)
    measures: dict[str, str] = {}
    for name in order:
        if name not in settings:
            measures[name] = NO_SUCH_SETTING
        elif name == RESTORE_AT_LOGIN and any(_is_left(outcome) for outcome in measures.values()):
            measures[name] = KEPT
        elif name in old:
            measures[name] = put_back(settings[name], old[name])
        else:
            measures[name] = put_to_default(settings[name])
    return measures


def _is_left(outcome: str) -> bool:
    return outcome != PUT_BACK and not outcome.startswith("set to its default")


def _cleared(log: UndoLog, measures: dict[str, str]) -> RestoreReport:
    if any(_is_left(outcome) for outcome in measures.values()):
        return RestoreReport(False, measures)
    try:
        log.clear()
    except OSError as error:
        return RestoreReport(False, {**measures, "undo log": f"could not be removed: {error}"})
    return RestoreReport(True, measures)
