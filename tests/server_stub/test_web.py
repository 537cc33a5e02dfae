"""What every answer carries, and what a browser may do with it."""

import pytest
from playwright.async_api import async_playwright

from tests.server_stub.client import PASSWORD, ServerProcess, request


@pytest.mark.parametrize("path", ["/", "/healthz", "/console/", "/console/missing.js", "/api/me", "/nothing"])
def test_every_answer_has_the_security_headers(server: ServerProcess, path: str) -> None:
    headers = request(server.url, "GET", path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_the_front_door_leads_to_the_console(server: ServerProcess) -> None:
    answer = request(server.url, "GET", "/")
    assert (answer.status, answer.headers["location"]) == (307, "/console/")


@pytest.mark.parametrize("path", ["/console/../cli.py", "/console/%2e%2e/cli.py", "/console/..%2fcli.py"])
def test_files_outside_the_console_are_not_served(server: ServerProcess, path: str) -> None:
    assert request(server.url, "GET", path).status == 404


@pytest.mark.real
async def test_a_real_browser_keeps_the_login_cookie_on_a_trial_machine(server: ServerProcess) -> None:
    server.add_proctor("amal")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = await browser.new_page()
        await page.goto(server.url + "/healthz")
        script = """async (login) => {
            await fetch("/api/login", {method: "POST", body: JSON.stringify(login)});
            return [(await fetch("/api/me")).status, document.cookie];
        }"""
        assert await page.evaluate(script, {"id": "amal", "password": PASSWORD}) == [200, ""]
        await browser.close()
