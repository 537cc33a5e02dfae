"""One root for everything that goes wrong in a way a person must hear of: stable code, exit status, one sentence.

The command line prints the sentence and the code and exits with the status; nothing else does.
"""


class AgentError(Exception):
    """`code` is stable, `text` is for a person, `exit_status` is the process's. `facts`: numbers that the sentence is
    made of, for who says it in another language."""

    exit_status = 1
    codes: tuple[str, ...] = ()

    def __init__(self, code: str, text: str, **facts: int) -> None:
        super().__init__(f"{text} [{code}]")
        self.code = code
        self.text = text
        self.facts = facts


class UnexpectedError(AgentError):
    """A fault of this program; its trace is in the log, as one line."""

    codes = ("unexpected",)


class UsageError(AgentError):
    exit_status = 2
    codes = ("usage", "link_damaged", "agent_running", "not_connected", "session_open")


class PackageError(AgentError):
    exit_status = 10
    codes = ("package_damaged", "package_foreign", "package_expired", "package_missing", "outside_window")


class EnrolmentError(AgentError):
    exit_status = 11
    codes = ("code_used", "code_expired", "code_unknown", "second_agent", "not_enrolled", "ticket_foreign")


class ServerError(AgentError):
    exit_status = 12
    codes = (
        "server_unreachable", "server_foreign", "insecure_address", "version_too_old", "version_too_new",
        "exam_unknown", "roster_missing", "server_storage", "rate_limited", "token_invalid", "token_expired",
    )  # fmt: skip


class DeviceError(AgentError):
    exit_status = 13
    codes = (
        "camera_missing",
        "camera_busy",
        "camera_black",
        "camera_frozen",
        "microphone_missing",
        "display_missing",
        "window_missing",
        "window_unresponsive",
    )


class StorageError(AgentError):
    exit_status = 14
    codes = ("disk_full", "disk_unwritable", "spool_damaged", "spool_behind", "session_damaged")


class PlatformError(AgentError):
    exit_status = 15
    codes = (
        "wayland", "administrator", "unsupported", "clipboard_not_put_back", "stay_awake", "capture_exclusion",
        "assessment_mode",
    )  # fmt: skip


class LockdownError(AgentError):
    exit_status = 16
    codes = ("measure_failed", "undo_log_failed", "keeper_failed", "keyboard_not_held", "order_failed")


class RestoreError(AgentError):
    exit_status = 17
    codes = ("restore_incomplete",)


class PracticeError(AgentError):
    exit_status = 18
    codes = ("practice_failed",)


class ModelError(AgentError):
    """Nothing stops because of it: what the model would have looked for is not looked for, and a flag says so."""

    exit_status = 19
    codes = ("model_missing", "model_damaged")


KINDS: tuple[type[AgentError], ...] = (
    UnexpectedError,
    UsageError,
    PackageError,
    EnrolmentError,
    ServerError,
    DeviceError,
    StorageError,
    PlatformError,
    LockdownError,
    RestoreError,
    PracticeError,
    ModelError,
)
STATUS = {code: kind.exit_status for kind in KINDS for code in kind.codes}


def status_of(code: str) -> int:
    """The exit status that belongs to a stable code; 1 for one of the server's own."""
    return STATUS.get(code, AgentError.exit_status)
