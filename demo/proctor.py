"""The scripted proctor: a real Chromium without screen in the real console. The only file with the console's selectors."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from demo import reading
from demo.failure import StepFailed, wait_for
from demo.reading import Picture

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIZE_PX = {"width": 1600, "height": 1000}
SCREEN_CANVAS, WEBCAM_CANVAS = "#screen-canvas", "#webcam-canvas"


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

    def opens(self, url: str, password: str) -> None:
        self.page.goto(f"{url}/console/")
        self.page.fill("#login-name", self.name)
        self.page.fill("#login-password", password)
        self.page.click("#login-submit")

    def makes_keys(self, passphrase: str, folder: Path) -> tuple[Path, Path]:
        """The public card and the key file, as the browser downloads them."""
        self.page.fill("#keys-passphrase", passphrase)
        with self.page.expect_download() as card, self.page.expect_download() as key:
            self.page.click("#keys-make")
        paths = []
        for download in (card.value, key.value):
            path = folder / download.suggested_filename
            download.save_as(path)
            paths.append(path)
        paths.sort(key=lambda path: path.name.endswith(".key.json"))
        return paths[0], paths[1]

    # --- seeing ---

    def sees(self, *sentences: str, timeout_s: float = 20) -> str:
        """All of these stand somewhere in the console, whatever the capitals. Returns its text."""

        def look() -> str | None:
            text = self.page.inner_text("body")
            missing = [sentence for sentence in sentences if sentence.lower() not in text.lower()]
            if missing:
                raise StepFailed(f"{missing} not in the console, which says: {text[:400]!r}")
            return text or None

        return self._wait(f"the proctor sees {sentences}", look, timeout_s)

    def selects(self, candidate_name: str) -> None:
        self.sees(candidate_name, timeout_s=30)
        self.page.locator("[data-session]", has_text=candidate_name).first.click()

    def session_id(self) -> str:
        return str(self.page.locator("[data-session]").first.get_attribute("data-session"))

    def pictures(self, step: str) -> list[Picture]:
        """Identity pictures or room pictures as the console shows them."""
        sources = self.page.eval_on_selector_all(
            f'img[data-step="{step}"]',
            """images => Promise.all(images.map(async image => { await image.decode(); const c = document.createElement('canvas');
            c.width = image.naturalWidth; c.height = image.naturalHeight; c.getContext('2d').drawImage(image, 0, 0);
            return c.toDataURL('image/png'); }))""",
        )
        return [reading.decode_data_url(source) for source in sources]

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
        self.page.fill("#chat-input", text)
        self.page.click("#chat-send")

    def asks_again(self, step: str, reason: str) -> None:
        self.page.click(f"#ask-again-{step}")
        self.page.fill("#ask-again-reason", reason)
        self.page.click("#ask-again-send")

    def admits(self) -> None:
        self.page.click("#admit")

    def intervenes(self, code: str, level: str, text: str) -> None:
        self.page.select_option("#intervention-code", code)
        self.page.select_option("#intervention-level", level)
        self.page.fill("#intervention-text", text)
        self.page.click("#intervention-send")

    def terminates(self, reason: str) -> None:
        """Slow on purpose: a reason, then a second look."""
        self.page.click("#terminate")
        self.page.fill("#terminate-reason", reason)
        self.page.click("#terminate-review")
        self.page.click("#terminate-confirm")

    def _wait(self, what: str, look: Callable[[], str | None], timeout_s: float) -> str:
        return wait_for(what, look, timeout_s)
