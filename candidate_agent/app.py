"""Composition root: the only file that builds the parts and wires them to each other.

Three threads matter: the main thread belongs to the window, one thread runs the event loop with driver, hands and uplink,
the keeper is a process. Everything else (encoders, watches) is a thread of the part that needs it.
"""

import asyncio
import contextlib
import os
import threading
from dataclasses import dataclass

from candidate_agent.base.clock import Clock, SystemClock
from candidate_agent.base.errors import AgentError, PlatformError, RestoreError, UsageError
from candidate_agent.base.logs import Log
from candidate_agent.capture.booth import Booth
from candidate_agent.capture.pipeline import Pipeline
from candidate_agent.capture.preview import jpeg
from candidate_agent.checks import runner
from candidate_agent.checks.base import Context
from candidate_agent.config import Config, Launch
from candidate_agent.driver import Driver
from candidate_agent.hands import Hands, Parts
from candidate_agent.joining import Join, prepare
from candidate_agent.lockdown.restore import restore
from candidate_agent.lockdown.sequence import Lockdown
from candidate_agent.lockdown.undo_log import UndoLog
from candidate_agent.monitor import programs
from candidate_agent.monitor.rules import Rules
from candidate_agent.monitor.watchers import Monitor
from candidate_agent.platforms.instance_lock import InstanceLock
from candidate_agent.platforms.ports import Platform
from candidate_agent.platforms.select import select_platform
from candidate_agent.session import events as ev
from candidate_agent.session.states import OVER, Phase, Session
from candidate_agent.spool.recorder import Recorder
from candidate_agent.spool.store import Spool
from candidate_agent.ui.bridge import Bridge
from candidate_agent.ui.view_model import view
from candidate_agent.ui.windows import Windows
from candidate_agent.ui.words import Live
from candidate_agent.uplink.commands import CommandGate
from candidate_agent.uplink.sender import Uplink
