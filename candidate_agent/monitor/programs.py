"""The published list: programs that the exam flags while they run, by category. Data; of a process no more is kept.

Categories are those of the catalogue's group "processes", in lower case. Names are executable base names in lower case,
without ".exe". A name that ends in "*" matches its beginning. The list is shown to candidates
and may be corrected by anybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

PROGRAMS: dict[str, tuple[str, ...]] = {
    "remote_control": (
        "teamviewer*", "anydesk", "rustdesk", "x11vnc", "xtigervnc", "x0vncserver", "x0tigervnc*", "vncserver*",
        "winvnc*", "tvnserver", "uvnc*", "krfb", "vino-server", "gnome-remote-desktop*", "xrdp", "nxserver*",
        "nomachine*", "splashtop*", "srserver", "logmein*", "lmiguardian*", "remoting_host",
        "chrome-remote-desktop*", "screenconnect*", "ammyy*", "supremo*", "dwagent", "dwagsvc", "dwservice",
        "parsecd", "parsec", "sunshine", "moonlight", "remotepc*", "zohoassist*", "za_connect", "barrier",
        "barrierc", "barriers", "input-leap*", "synergy*", "deskflow*", "quickassist", "msra",
    ),
    "ai_assistant": (
        "chatgpt*", "claude", "claude-desktop", "copilot", "github-copilot*", "perplexity*", "cluely*",
        "interviewcoder*", "ollama", "ollama app", "lm-studio", "lm studio", "lmstudio", "jan", "gpt4all*",
        "cursor", "windsurf", "poe", "pieces", "pieces_for_x", "msty*", "anythingllm*", "cherry-studio*",
    ),
    "capture_tool": (
        "obs", "obs64", "obs32", "simplescreenrecorder", "kazam", "vokoscreen*", "peek", "flameshot", "shutter",
        "spectacle", "ksnip", "gnome-screenshot", "xfce4-screenshooter", "scrot", "maim", "import-im6*",
        "recordmydesktop", "gpu-screen-recorder*", "bandicam*", "bdcam*", "camtasia*", "fraps", "sharex",
        "lightshot", "greenshot", "snippingtool", "screensketch", "snagit*", "action", "xsplit*", "streamlabs*",
        "loom", "cleanshot*",
    ),
    "conferencing": (
        "zoom", "zoom.us", "zoomlauncher", "teams", "ms-teams*", "msteams", "teams-for-linux", "skype",
        "skypeforlinux", "webex*", "ciscocollabhost", "gotomeeting*", "g2m*", "discord*", "slack", "telegram*",
        "telegram-desktop", "signal-desktop", "whatsapp*", "element-desktop", "jitsi*", "mumble", "ts3client*",
        "teamspeak*", "facetime",
    ),
    "writing_assistant": (
        "grammarly*", "languagetool*", "prowritingaid*", "quillbot*", "deepl", "wordtune*", "antidote*",
    ),
    "other_browser": (
        "firefox", "firefox-esr", "firefox-bin", "librewolf", "waterfox", "chrome", "google-chrome*", "chromium",
        "chromium-browser", "brave", "brave-browser*", "msedge", "microsoft-edge*", "opera", "vivaldi*", "safari",
        "epiphany", "gnome-web", "falkon", "konqueror", "midori", "qutebrowser", "tor browser", "torbrowser*", "zen",
        "arc", "yandex-browser*",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    category: str
    name: str


class ProgramList:
    """The list with what this exam allows taken out. `categories` None: all."""

    def __init__(self, *, allowed: frozenset[str] = frozenset(), categories: frozenset[str] | None = None) -> None:
        self._allowed = frozenset(normal_name(name) for name in allowed)
        self._exact: dict[str, str] = {}
        self._beginnings: list[tuple[str, str]] = []
        for category, names in PROGRAMS.items():
            if categories is None or category in categories:
                self._add(category, names)

    def _add(self, category: str, names: tuple[str, ...]) -> None:
        for name in names:
            if name.endswith("*"):
                self._beginnings.append((name[:-1], category))
            else:
                self._exact[name] = category

    def match(self, names: Iterable[str]) -> Match | None:
        """The first of a process's names that stands on the list and is not allowed."""
        normal = [normal_name(name) for name in names]
        if any(name in self._allowed for name in normal):
            return None
        for name in normal:
            category = self._exact.get(name) or self._by_beginning(name)
            if category:
                return Match(category, name)
        return None

    def _by_beginning(self, name: str) -> str:
        return next((category for beginning, category in self._beginnings if name.startswith(beginning)), "")


def normal_name(name: str) -> str:
    return name.lower().removesuffix(".exe").removesuffix(".appimage")
