"""One root for everything that goes wrong in a way a person must hear of: stable code, exit status, one sentence.

The command line prints the sentence and the code and exits with the status; nothing else does.
"""


class AgentError(Exception):
    """`code` is stable, `text` is for a person, `exit_status` is the process's."""

    exit_status = 1
    codes: tuple[str, ...] = ()

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{text} [{code}]")
        self.code = code
        self.text = text


class UsageError(AgentError):
    exit_status = 2
    codes = ("usage", "link_damaged", "agent_running", "not_connected")


class PackageError(AgentError):
    exit_status = 10
    codes = ("package_damaged", "package_foreign", "package_expired", "package_missing", "outside_window")


class EnrolmentError(AgentError):
    exit_status = 11
    codes = ("code_used", "code_expired", "code_unknown", "second_agent", "not_enrolled", "ticket_foreign")


class ServerError(AgentError):
    exit_status = 12
    codes = ("server_unreachable", "server_foreign", "insecure_address", "version_too_old", "version_too_new")


class DeviceError(AgentError):
    exit_status = 13
    codes = ("camera_missing", "camera_busy", "microphone_missing", "display_missing")


class StorageError(AgentError):
    exit_status = 14
    codes = ("disk_full", "spool_damaged", "session_damaged")


class PlatformError(AgentError):
    exit_status = 15
    codes = ("wayland", "administrator", "unsupported")


class LockdownError(AgentError):
    exit_status = 16
    codes = ("measure_failed", "undo_log_failed", "keeper_failed", "keyboard_not_held")


class RestoreError(AgentError):
    exit_status = 17
    codes = ("restore_incomplete",)


def status_of(code: str) -> int:
    """The exit status that belongs to a stable code; 1 for one of the server's own."""
    for kind in AgentError.__subclasses__():
        if code in kind.codes:
            return kind.exit_status
    return AgentError.exit_status
