"""Take the pictures in README from a running demo: python docs/images/take.py http://localhost:8000"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
SIZES = {1440: 900, 390: 844}


def take(page: Page, base: str, width: int) -> None:
    """The pages of one width, each as ``<name>-<width>.png``."""

    def picture(name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=HERE / f"{name}-{width}.png")

    page.goto(f"{base}/")
    page.click("text=Dr. Ana Ferreira")
    picture("today")
    page.goto(f"{base}/desk/calendar/")
    picture("calendar")
    page.goto(f"{base}/desk/waiting/")
    picture("waiting")
    page.goto(f"{base}/desk/clients/?q=mara kuhn")
    page.click("#found a >> nth=0")
    picture("client")
    page.click("main a[href*='/desk/series/'] >> nth=0")
    picture("standing")
    page.go_back()
    page.click("main a:has-text('Measures') >> nth=-1")
    page.click("text=PHQ-9 over time")
    picture("course")
    page.goto(f"{base}/desk/notes/")
    page.click("main .entry a >> nth=0")
    picture("note")
    page.goto(f"{base}/desk/")
    page.click(".needs__risk a >> nth=0")
    picture("alert")
    page.goto(f"{base}/first/")
    page.click("main a:has-text('Choose a time') >> nth=0")
    page.locator("#times").evaluate("day => day.scrollIntoView()")
    picture("first")
    page.goto(f"{base}/")
    page.click("text=a client, on the phone")
    picture("portal")
    page.click("main a[href*='/portal/measures/'] >> nth=0")  # begun or not
    page.click("main button[type=submit] >> nth=0")
    picture("question")


def main(base: str) -> None:
    """All pictures."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width, height in SIZES.items():
            size = {"width": width, "height": height}
            take(browser.new_page(viewport=size, timezone_id="America/New_York"), base, width)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
