"""Take the pictures in README from a running demo: python docs/images/take.py http://localhost:8000"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
SIZES = {1440: 900, 390: 844}


def take(page: Page, base: str, width: int) -> None:
    """The pages of one width, each as ``<name>-<width>.png``."""

    def picture(name: str) -> None:
        page.screenshot(path=HERE / f"{name}-{width}.png")

    page.goto(f"{base}/")
    page.click("text=Dr. Ana Ferreira")
    page.goto(f"{base}/desk/clients/?q=mara kuhn")
    picture("search")
    page.click("#found a >> nth=0")
    picture("client")
    page.goto(f"{base}/")
    page.click("text=a client, on the phone")
    picture("portal")


def main(base: str) -> None:
    """All pictures."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width, height in SIZES.items():
            take(browser.new_page(viewport={"width": width, "height": height}), base, width)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
