// Flags, checks and interventions as data, the same rows as exam_protocol/catalogue.py (a test compares them).

export const FLAGS = {
  ID_UNREADABLE: { group: "identity", severity: "technical", title: "Identity document not readable" },
  CAMERA_DARK: { group: "camera", severity: "technical", title: "Camera picture is dark" },
  CAMERA_COVERED: { group: "camera", severity: "medium", title: "Camera may be covered" },
  CAMERA_FROZEN: { group: "camera", severity: "medium", title: "Camera picture stands still" },
  CAMERA_SWITCHED: { group: "camera", severity: "low", title: "Another camera is in use" },
  CAMERA_LOST: { group: "camera", severity: "technical", title: "Camera gives no picture" },
  MICROPHONE_SWITCHED: { group: "audio", severity: "low", title: "Another microphone is in use" },
  MICROPHONE_MUTED: { group: "audio", severity: "technical", title: "Microphone is muted" },
  MICROPHONE_SILENT: { group: "audio", severity: "technical", title: "Microphone gives no sound" },
  DISPLAY_ADDED: { group: "display", severity: "high", title: "Another display was connected" },
  DISPLAY_MIRRORED: { group: "display", severity: "medium", title: "The display is mirrored" },
  FULLSCREEN_LEFT: { group: "display", severity: "medium", title: "The exam is not fullscreen" },
  SCREEN_CAPTURE_STOPPED: { group: "display", severity: "high", title: "Screen recording stopped" },
  SCREEN_BLACK: { group: "display", severity: "medium", title: "Screen recording is black" },
  FOCUS_LOST: { group: "windows", severity: "low", title: "Another window was in front" },
  OVERLAY_TOPMOST: { group: "windows", severity: "medium", title: "A window lies over the exam" },
  REMOTE_CONTROL: { group: "processes", severity: "high", title: "A remote-control program runs" },
  AI_ASSISTANT: { group: "processes", severity: "high", title: "An assistant program runs" },
  CAPTURE_TOOL: { group: "processes", severity: "medium", title: "A screen-capture program runs" },
  CONFERENCING: { group: "processes", severity: "low", title: "A meeting program runs" },
  WRITING_ASSISTANT: { group: "processes", severity: "low", title: "A writing assistant runs" },
  OTHER_BROWSER: { group: "processes", severity: "low", title: "Another browser runs" },
  PRINT_SCREEN: { group: "input", severity: "medium", title: "The screenshot key was pressed" },
  SHORTCUT_BLOCKED: { group: "input", severity: "low", title: "A blocked key combination was pressed" },
  CLIPBOARD_USED: { group: "input", severity: "low", title: "Another program used the clipboard" },
  VM_SUSPECT: { group: "integrity", severity: "medium", title: "This may be a virtual machine" },
  CLOCK_JUMP: { group: "integrity", severity: "medium", title: "The computer's clock was changed" },
  LINK_LOST: { group: "network", severity: "technical", title: "The line was lost" },
  LINK_SLOW: { group: "network", severity: "technical", title: "The line is slow" },
  UPLOAD_BACKLOG: { group: "network", severity: "technical", title: "Recordings wait to be sent" },
  STREAM_GAP: { group: "network", severity: "technical", title: "A recording has a gap" },
  RESTARTED: { group: "session", severity: "technical", title: "The program was restarted" },
  RECORD_FAILED: { group: "session", severity: "technical", title: "Something could not be recorded" },
  SUSPENDED: { group: "session", severity: "low", title: "The computer was asleep" },
  EXIT_EARLY: { group: "session", severity: "medium", title: "The exam was left early" },
  HELP_REQUEST: { group: "session", severity: "info", title: "The candidate asks for help" },
  PROCTOR_RAISED: { group: "session", severity: "info", title: "Raised by the proctor" },
};

export const CHECKS = {
  session_type: { title: "Desktop session", unit: "" },
  displays: { title: "Displays", unit: "displays" },
  camera: { title: "Camera", unit: "pixels" },
  light: { title: "Light", unit: "luma" },
  microphone: { title: "Microphone", unit: "dBFS" },
  network_up: { title: "Upload", unit: "Mbit/s" },
  delay: { title: "Delay", unit: "ms" },
  server: { title: "Exam server", unit: "ms" },
  clock: { title: "Clock", unit: "s" },
  disk: { title: "Disk space", unit: "GB" },
  processor: { title: "Processor", unit: "cores" },
  memory: { title: "Memory", unit: "GiB" },
  programs: { title: "Programs", unit: "programs" },
  virtual_machine: { title: "Virtual machine", unit: "signals" },
  remote_session: { title: "Remote session", unit: "signals" },
  power: { title: "Power", unit: "" },
};

export const INTERVENTIONS = {
  ROOM_PAN: { purpose: "clarify", template: "Please show me the room once more with your camera." },
  CAMERA_OR_LIGHT: { purpose: "clarify", template: "Please adjust your camera or your light so that I can see you." },
  STOP_SPEAKING: { purpose: "correct", template: "Please do not speak or read aloud." },
  PERSON_LEAVE: { purpose: "stop", template: "Another person seems to be in the room. Please ask them to leave." },
  LOOK_AT_SCREEN: { purpose: "correct", template: "Please do not look away from the screen." },
  STOP_MATERIAL: { purpose: "stop", template: "Please put away the material that is not permitted." },
};

export const LEVELS = ["reminder", "warning", "final"];

/** What a person should look at first; technical flags weigh nothing. */
export const WEIGHT = { technical: 0, info: 0.1, low: 0.25, medium: 0.5, high: 0.7 };
