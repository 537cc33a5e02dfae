"""Whether a file of the exam server arrives here, can be kept and can be opened again."""

from candidate_agent.base.errors import AgentError, StorageError
from candidate_agent.base.files import storing
from candidate_agent.checks.base import FAIL, PASS, Context, off_loop, row
from exam_protocol.records import CheckRow

THRESHOLD = "arrives and opens"
NAME = "download-check"
VALUES = ("not opened",)
ADVICE = {
    "failed": "A file of the exam server did not arrive here.",
    "damaged": "A file of the exam server arrived damaged. Please check again, or use another network.",
}


async def measure(context: Context) -> CheckRow:
    try:
        data = await off_loop(context.download)
        opened = await off_loop(lambda: _kept(context, data))
    except AgentError as error:
        return row("download", FAIL, "not opened", THRESHOLD, f"failed problem.{error.code}.what", reason=error.text)
    return judge(len(data), opened)


def _kept(context: Context, data: bytes) -> bool:
    """Written, read and opened as the exam's files will be; nothing of it stays. Raises StorageError."""
    path = context.spool_dir / NAME
    try:
        with storing():
            path.write_bytes(data)
            return context.opens(path.read_bytes())
    finally:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError("disk_unwritable", "A file could not be taken away again.") from error


def judge(size: int, opened: bool) -> CheckRow:
    if not opened:
        return row("download", FAIL, "not opened", THRESHOLD, "damaged")
    return row("download", PASS, round(size / 1000, 1), THRESHOLD)
