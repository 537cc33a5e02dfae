"""The scripted proctor: a real headless Chromium in the real console. The only file with the console's selectors."""

import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Download, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from demo import reading
from demo.failure import StepFailed, wait_for
from demo.reading import Picture

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIZE_PX = {"width": 1600, "height": 1000}
SCREEN_CANVAS, WEBCAM_CANVAS = "#screen-canvas", "#webcam-canvas"
_AS_DATA_URLS = """images => Promise.all(images.map(async image => {
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/png');
}))"""


class Proctor:
    """`start`, then `opens`; every method may be called from the main thread only. `errors` are the page's own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.errors: list[str] = []
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._page: Page | None = None

    # --- life ---

    def start(self) -> None:
        browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
        if browser_path is None:
            raise StepFailed(f"none of these browsers is installed: {', '.join(BROWSERS)}")
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=browser_path,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage"],
        )
        self._page = self._browser.new_page(viewport=SIZE_PX, accept_downloads=True)  # type: ignore[arg-type]
        self._page.set_default_timeout(15_000)
        self._page.on("pageerror", lambda error: self.errors.append(str(error)))

    def stop(self) -> None:
        for part, end in ((self._browser, "close"), (self._playwright, "stop")):
            if part is not None:
                try:
                    getattr(part, end)()
                except PlaywrightError as error:
                    self.errors.append(f"at the end: {error}")
        self._page = self._browser = self._playwright = None

    @property
    def page(self) -> Page:
        if self._page is None:
            raise StepFailed("the proctor's browser is not open")
        return self._page

    def screenshot(self, path: Path) -> None:
        self.page.screenshot(path=path)

    # --- signing in, keys ---

    def signs_in(self, url: str, password: str) -> None:
        self.page.goto(f"{url}/console/")
        self._phase("sign_in")
        self.page.fill("#proctor-id", self.name)
        self.page.fill("#password", password)
        self.page.click("#sign-in-button")
        self._phase("keys")

    def makes_keys(self, display_name: str, passphrase: str, folder: Path) -> tuple[Path, Path]:
        """Public card and key file, as the browser downloads them, before any roster knows her. The keys stay here."""
        self.page.fill("#make-name", display_name)
        self.page.fill("#make-passphrase", passphrase)
        self.page.fill("#make-passphrase-again", passphrase)
        downloads: list[Download] = []
        self.page.on("download", lambda download: downloads.append(download))
        self.page.click("#make-keys-button")
        self.page.wait_for_selector("#keys-card:visible")
        wait_for("both files are downloaded", lambda: self._has(downloads, 2), 15)
        for download in downloads:
            download.save_as(folder / download.suggested_filename)
        card_path, key_path = folder / f"{self.name}.card.json", folder / f"{self.name}.key.json"
        if not (card_path.exists() and key_path.exists()):
            raise StepFailed(f"downloaded: {sorted(download.suggested_filename for download in downloads)}")
        return card_path, key_path

    def _has(self, downloads: list[Download], count: int) -> bool:
        self.page.wait_for_timeout(50)  # the browser's events arrive only while we listen
        return len(downloads) >= count

    def comes_in(self) -> None:
        """The roster names her now: the console opens by itself, with the keys that are in this browser."""
        self._phase("console")

    def _phase(self, *phases: str) -> str:
        def look() -> str | None:
            phase = self.page.get_attribute("body", "data-phase")
            if phase not in phases:
                raise StepFailed(f"the console is in '{phase}' and says: {self.page.inner_text('main#gate')[:300]!r}")
            return phase

        return wait_for(f"the console reaches {' or '.join(phases)}", look, 20)

    # --- seeing ---

    def sees(self, *sentences: str, timeout_s: float = 20) -> str:
        """All of these stand somewhere in the console, whatever the capitals. Returns its text."""

        def look() -> str | None:
            text = self.page.inner_text("body")
            missing = [sentence for sentence in sentences if sentence.lower() not in text.lower()]
            if missing:
                raise StepFailed(f"{missing} not in the console, which says: {text[:400]!r}")
            return text or None

        return wait_for(f"the proctor sees {sentences}", look, timeout_s)

    def selects(self, candidate_name: str) -> str:
        """Opens this candidate's pane; returns the session id."""
        tile = self.page.locator(".tile", has_text=candidate_name).first
        tile.locator(".tile-open").click(timeout=30_000)
        self.page.wait_for_selector("#pane[data-session]")
        return str(tile.get_attribute("data-session"))

    def tab(self, name: str) -> str:
        """Opens checkin, flags, chat or interventions; returns what stands there."""
        if self.page.get_attribute(f"#tab-{name}", "aria-selected") != "true":
            self.page.click(f"#tab-{name}")
        return self.page.inner_text(f"#panel-{name}")

    def pane(self, fact: str) -> str:
        """state, trust or link of the open candidate."""
        return self.page.get_attribute("#pane", f"data-{fact}") or ""

    def waits_pane(self, fact: str, *values: str, timeout_s: float = 20) -> str:
        def look() -> str | None:
            value = self.pane(fact)
            if value not in values:
                raise StepFailed(f"{fact} is '{value}'")
            return value

        return wait_for(f"the console says {fact} is {' or '.join(values)}", look, timeout_s)

    def pictures(self, step: str) -> list[Picture]:
        """Identity pictures (id_card) or room pictures (room) as the console shows them, in their own size."""
        self.tab("checkin")
        sources = self.page.eval_on_selector_all(f"#pictures-{step} .picture img", _AS_DATA_URLS)
        return [reading.decode_data_url(source) for source in sources]

    def attempt(self, step: str) -> str:
        """How often the step was taken, in the console's words."""
        self.tab("checkin")
        return self.page.inner_text(f"#attempt-{step}")

    def flag(self, code: str, timeout_s: float = 20) -> str:
        """The sentence of an open flag, as it stands in the list."""
        self.tab("flags")
        flag = self.page.locator(f'.flag[data-code="{code}"]').last
        flag.wait_for(timeout=timeout_s * 1000)
        return flag.inner_text()

    def given(self, text: str) -> str:
        """Status (sent, delivered, acknowledged ...) of the intervention with this text."""
        self.tab("interventions")
        found = self.page.locator(".given", has_text=text)
        return (found.first.get_attribute("data-status") or "") if found.count() else ""

    def canvas(self, selector: str) -> Picture:
        """The pixels of a canvas in its own resolution."""
        url = self.page.evaluate("selector => document.querySelector(selector)?.toDataURL('image/png') ?? ''", selector)
        if not url:
            raise StepFailed(f"the console has no canvas {selector}")
        return reading.decode_data_url(url)

    def metrics(self) -> dict[str, Any]:
        figures: dict[str, Any] = self.page.evaluate(
            """() => { const m = window.console_metrics; return m ? {tone_hz: m.tone_hz, level_dbfs: m.level_dbfs,
            audio_packets: m.audio_packets, latency_ms: [...m.latency_ms], tracks: structuredClone(m.tracks)} : {}; }"""
        )
        return figures

    # --- speaking, deciding ---

    def says(self, text: str) -> None:
        self.tab("chat")
        self.page.fill("#chat-text", text)
        self.page.click("#chat-send")

    def asks_again(self, step: str, reason: str) -> None:
        self.tab("checkin")
        self.page.click(f"#ask-{step.replace('_', '-')}-button")
        self.page.fill("#reason-text", reason)
        self.page.click("#reason-ok")

    def admits(self) -> None:
        self.tab("checkin")
        self.page.click("#admit-button")

    def intervenes(self, code: str, level: str, text: str) -> None:
        self.tab("interventions")
        self.page.click(f'.template[data-code="{code}"]')
        self.page.check(f"#level-{level}")
        self.page.fill("#intervention-text", text)
        self.page.click("#intervention-send")

    def terminates(self, reason: str) -> None:
        """Slow on purpose: a reason, then a second look."""
        self.page.click("#end-button")
        self.page.fill("#end-reason", reason)
        self.page.click("#end-next")
        self.page.click("#end-confirm")
