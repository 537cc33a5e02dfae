"""How long to wait on the line: before another try, for a connection, for an acknowledgement. Pure; chance is a value.

Tuned so that the first acknowledgement comes within five seconds of the line's return: the longest wait and the usual
connection timeout together are less than that, and a silent line is given up after ten seconds.
"""

FIRST_S = 0.25
LONGEST_S = 2.0
SECOND_AGENT_S = 3.0  # the server asks the other one each time, so that a dead one is soon found out
CONNECT_S = 2.5
PATIENT_CONNECT_S = 10.0  # every fourth try: for lines on which a handshake really takes that long
SILENCE_S = 10.0
SLOWEST_BYTES_PER_S = 4000  # a record that goes slower than this counts as not going at all


def delay_s(attempt: int, chance: float) -> float:
    """Pause before try number `attempt` (from 0). `chance` in 0..1 spreads a thousand agents over half the pause."""
    return float(min(LONGEST_S, FIRST_S * 2 ** min(attempt, 16)) * (0.5 + chance / 2))


def connect_timeout_s(attempt: int) -> float:
    return PATIENT_CONNECT_S if attempt % 4 == 3 else CONNECT_S


def silence_limit_s(oldest_record_bytes: int) -> float:
    """How long the oldest unacknowledged record may stay so before the connection counts as dead."""
    return SILENCE_S + oldest_record_bytes / SLOWEST_BYTES_PER_S
