"""One root for everything that goes wrong in a way a person must hear of: stable code, exit status, one sentence.

The command line prints the sentence and the code and exits with the status; nothing else does.
"""


class AgentError(Exception):
    """`code` is stable, `text` is for a person, `exit_status` is the process's."""

    exit_status = 1

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{text} [{code}]")
        self.code = code
        self.text = text


class UsageError(AgentError):
    exit_status = 2


class PackageError(AgentError):
    """package_damaged, package_foreign, package_expired, outside_window."""

    exit_status = 10


class EnrolmentError(AgentError):
    """code_used, code_expired, code_unknown, second_agent."""

    exit_status = 11


class ServerError(AgentError):
    """server_unreachable, server_foreign, version_too_old, version_too_new."""

    exit_status = 12


class DeviceError(AgentError):
    """camera_missing, camera_busy, microphone_missing, display_missing."""

    exit_status = 13


class StorageError(AgentError):
    """disk_full, spool_damaged."""

    exit_status = 14


class PlatformError(AgentError):
    """wayland, administrator, unsupported."""

    exit_status = 15


class LockdownError(AgentError):
    """measure_failed, undo_log_failed."""

    exit_status = 16


class RestoreError(AgentError):
    """restore_incomplete."""

    exit_status = 17
