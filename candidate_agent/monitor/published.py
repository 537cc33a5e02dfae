"""The published list: programs that an exam flags while they run, by category. Data; read by `programs` and `table`.

Categories are those of the catalogue's group "processes", in lower case. Names are executable base names in lower case,
without ".exe"; one that ends in "*" matches its beginning. `windows`: what a window says of its program (X11: class)
where that is none of the names. `signers`: whom the system names as the signer. The list is shown to candidates in
docs/programs.md and may be corrected by anybody; not each program of it was seen running.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    title: str  # as people know it; what flags and notices say
    names: tuple[str, ...]
    windows: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()


def _of(title: str, *names: str, windows: tuple[str, ...] = (), signers: tuple[str, ...] = ()) -> Listed:
    return Listed(title, names, windows, signers)


PUBLISHED: dict[str, tuple[Listed, ...]] = {
    "remote_control": (
        _of("TeamViewer", "teamviewer*", signers=("TeamViewer Germany GmbH",)),
        _of("AnyDesk", "anydesk", signers=("AnyDesk Software GmbH",)),
        _of("RustDesk", "rustdesk"),
        _of("x11vnc", "x11vnc"),
        _of("TigerVNC", "xtigervnc", "x0vncserver", "x0tigervnc*"),
        _of("VNC server", "vncserver*", "winvnc*", "uvnc*"),
        _of("TightVNC", "tvnserver"),
        _of("Desktop Sharing (krfb)", "krfb", windows=("org.kde.krfb",)),
        _of("Vino", "vino-server"),
        _of("GNOME Remote Desktop", "gnome-remote-desktop*"),
        _of("xrdp", "xrdp"),
        _of("NoMachine", "nxserver*", "nomachine*"),
        _of("Splashtop", "splashtop*", "srserver", signers=("Splashtop Inc.",)),
        _of("LogMeIn", "logmein*", "lmiguardian*"),
        _of("Chrome Remote Desktop", "remoting_host", "chrome-remote-desktop*"),
        _of("ScreenConnect", "screenconnect*"),
        _of("Ammyy Admin", "ammyy*"),
        _of("Supremo", "supremo*"),
        _of("DWService", "dwagent", "dwagsvc", "dwservice"),
        _of("Parsec", "parsecd", "parsec"),
        _of("Sunshine", "sunshine"),
        _of("Moonlight", "moonlight", windows=("com.moonlight_stream.moonlight",)),
        _of("RemotePC", "remotepc*"),
        _of("Zoho Assist", "zohoassist*", "za_connect"),
        _of("Barrier", "barrier", "barrierc", "barriers"),
        _of("Input Leap", "input-leap*"),
        _of("Synergy", "synergy*"),
        _of("Deskflow", "deskflow*"),
        _of("Quick Assist", "quickassist"),
        _of("Windows Remote Assistance", "msra"),
    ),
    "ai_assistant": (
        _of("ChatGPT", "chatgpt*"),
        _of("Claude", "claude", "claude-desktop"),
        _of("Copilot", "copilot", "github-copilot*"),
        _of("Perplexity", "perplexity*"),
        _of("Cluely", "cluely*"),
        _of("Interview Coder", "interviewcoder*", windows=("interview coder",)),
        _of("Ollama", "ollama", "ollama app"),
        _of("LM Studio", "lm-studio", "lm studio", "lmstudio"),
        _of("Jan", "jan"),
        _of("GPT4All", "gpt4all*"),
        _of("Cursor", "cursor"),
        _of("Windsurf", "windsurf"),
        _of("Poe", "poe"),
        _of("Pieces", "pieces", "pieces_for_x"),
        _of("Msty", "msty*"),
        _of("AnythingLLM", "anythingllm*"),
        _of("Cherry Studio", "cherry-studio*", windows=("cherrystudio",)),
    ),
    "capture_tool": (
        _of("OBS Studio", "obs", "obs64", "obs32", windows=("com.obsproject.studio",)),
        _of("SimpleScreenRecorder", "simplescreenrecorder"),
        _of("Kazam", "kazam"),
        _of("vokoscreen", "vokoscreen*"),
        _of("Peek", "peek", windows=("com.uploadedlobster.peek",)),
        _of("Flameshot", "flameshot", windows=("org.flameshot.flameshot",)),
        _of("Shutter", "shutter"),
        _of("Spectacle", "spectacle", windows=("org.kde.spectacle",)),
        _of("ksnip", "ksnip"),
        _of("GNOME Screenshot", "gnome-screenshot", windows=("org.gnome.screenshot",)),
        _of("Xfce Screenshooter", "xfce4-screenshooter"),
        _of("scrot", "scrot"),
        _of("maim", "maim"),
        _of("ImageMagick import", "import-im6*"),
        _of("recordMyDesktop", "recordmydesktop"),
        _of("GPU Screen Recorder", "gpu-screen-recorder*"),
        _of("Bandicam", "bandicam*", "bdcam*"),
        _of("Camtasia", "camtasia*"),
        _of("Fraps", "fraps"),
        _of("ShareX", "sharex"),
        _of("Lightshot", "lightshot"),
        _of("Greenshot", "greenshot"),
        _of("Snipping Tool", "snippingtool", "screensketch"),
        _of("Snagit", "snagit*"),
        _of("Mirillis Action!", "action"),
        _of("XSplit", "xsplit*"),
        _of("Streamlabs", "streamlabs*"),
        _of("Loom", "loom"),
        _of("CleanShot", "cleanshot*"),
    ),
    "conferencing": (
        _of("Zoom", "zoom", "zoom.us", "zoomlauncher", signers=("Zoom Video Communications, Inc.",)),
        _of("Microsoft Teams", "teams", "ms-teams*", "msteams", "teams-for-linux",
            windows=("microsoft teams", "microsoft teams - preview")),
        _of("Skype", "skype", "skypeforlinux"),
        _of("Webex", "webex*", "ciscocollabhost"),
        _of("GoTo Meeting", "gotomeeting*", "g2m*"),
        _of("Discord", "discord*", signers=("Discord Inc.",)),
        _of("Slack", "slack"),
        _of("Telegram", "telegram*", windows=("telegramdesktop", "org.telegram.desktop")),
        _of("Signal", "signal-desktop", windows=("signal",)),
        _of("WhatsApp", "whatsapp*"),
        _of("Element", "element-desktop", windows=("element",)),
        _of("Jitsi", "jitsi*"),
        _of("Mumble", "mumble", windows=("info.mumble.mumble",)),
        _of("TeamSpeak", "ts3client*", "teamspeak*"),
        _of("FaceTime", "facetime"),
    ),
    "writing_assistant": (
        _of("Grammarly", "grammarly*"),
        _of("LanguageTool", "languagetool*"),
        _of("ProWritingAid", "prowritingaid*"),
        _of("QuillBot", "quillbot*"),
        _of("DeepL", "deepl"),
        _of("Wordtune", "wordtune*"),
        _of("Antidote", "antidote*"),
    ),
    "other_browser": (
        _of("Firefox", "firefox", "firefox-esr", "firefox-bin", windows=("org.mozilla.firefox",)),
        _of("LibreWolf", "librewolf"),
        _of("Waterfox", "waterfox"),
        _of("Chrome", "chrome", "google-chrome*"),
        _of("Chromium", "chromium", "chromium-browser"),
        _of("Brave", "brave", "brave-browser*"),
        _of("Edge", "msedge", "microsoft-edge*"),
        _of("Opera", "opera"),
        _of("Vivaldi", "vivaldi*"),
        _of("Safari", "safari"),
        _of("GNOME Web", "epiphany", "gnome-web", windows=("org.gnome.epiphany",)),
        _of("Falkon", "falkon", windows=("org.kde.falkon",)),
        _of("Konqueror", "konqueror", windows=("org.kde.konqueror",)),
        _of("Midori", "midori"),
        _of("qutebrowser", "qutebrowser"),
        _of("Tor Browser", "tor browser", "torbrowser*"),
        _of("Zen", "zen", windows=("zen-alpha", "zen-beta")),
        _of("Arc", "arc"),
        _of("Yandex Browser", "yandex-browser*"),
    ),
}  # fmt: skip

CATEGORY_TITLES = {
    "remote_control": "Remote control of this computer",
    "ai_assistant": "Assistants",
    "capture_tool": "Recording of the screen",
    "conferencing": "Meetings and messages",
    "writing_assistant": "Help with writing",
    "other_browser": "Other browsers",
}

INPUT_METHODS = ("ibus*", "fcitx*", "scim*", "uim-*", "gcin", "hime", "textinputhost", "ctfmon", "chsime")
"""Parts of the desktop that show what is being typed: their small panels over the exam are part of typing."""

ASSISTIVE_INPUT = (
    "onboard", "florence", "matchbox-keyboard", "xvkbd", "osk", "tabtip", "dragon*", "natspeak", "nvda", "jfw",
    "talon", "caribou", "maliit*", "squeekboard", "dasher", "clicker*", "grid3", "voiceaccess",
)  # fmt: skip
"""Programs that type for a person. One of them allowed by accommodation: keys sent by a program are no news."""
