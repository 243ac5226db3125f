"""The tokens of the stylesheet keep what they promise: 7:1 where one reads, 4.5:1 everywhere."""

import math
import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[3] / "frontend/css/app.css").read_text()
TOKEN = re.compile(r"--([a-z0-9-]+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")
ON_DAISY = ("primary", "secondary", "accent", "neutral", "info", "success", "warning", "error")


def tokens(text):
    return {name: (float(l) / 100, float(c), float(h)) for name, l, c, h in TOKEN.findall(text)}  # noqa: E741


def block(start):
    """What stands between the braces after ``start``, the deepest only."""
    after = CSS[CSS.index(start) + len(start) :]
    return tokens(after[: after.index("}")])


def themes():
    named = {
        name: block(f'@plugin "daisyui/theme" {{\n  name: "{name}"')
        for name in ("light", "dark", "contrast")
    }
    named["light"] |= block(":root {")
    named["dark"] |= block('[data-theme="dark"] {')
    named["contrast"] |= block('[data-theme="contrast"] {')
    more = "@media (prefers-contrast: more)"
    light_more = f"{more} {{\n  :root:not([data-theme]) {{"
    dark_more = f"{more} and (prefers-color-scheme: dark) {{\n  :root:not([data-theme]) {{"
    named["system, more contrast"] = named["light"] | block(light_more)
    named["system, dark, more contrast"] = named["dark"] | block(dark_more)
    return named


def luminance(colour):
    light, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (min(max(part, 0), 1) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(theme):
    """Which colour stands on which, and how far apart they must be."""
    for ground in ("color-base-100", "color-base-200"):
        yield "color-base-content", ground, 7
        yield "quiet", ground, 7 if theme not in ("light", "dark") else 4.5
        yield "risk", ground, 4.5
        yield "color-primary", ground, 4.5
    for name in ON_DAISY:
        yield f"color-{name}-content", f"color-{name}", 4.5


def test_black_on_white_is_twenty_one():
    assert contrast((0, 0, 0), (1, 0, 0)) == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize("theme", themes())
def test_words_stand_out_from_their_ground(theme):
    have = themes()[theme]

    weak = {
        f"{text} on {ground}": round(contrast(have[text], have[ground]), 2)
        for text, ground, least in pairs(theme)
        if contrast(have[text], have[ground]) < least
    }

    assert weak == {}


def test_a_dark_system_gets_the_dark_tokens():
    system = block("@media (prefers-color-scheme: dark) { :root:not([data-theme]) {")

    assert system == block('[data-theme="dark"] {')


@pytest.mark.parametrize("theme", themes())
def test_the_edge_of_a_field_is_seen(theme):
    have = themes()[theme]

    assert contrast(have["quiet"], have["color-base-100"]) >= 3


@pytest.mark.parametrize("theme", themes())
def test_the_risk_colour_is_used_for_nothing_else(theme):
    have = themes()[theme]

    assert [name for name, value in have.items() if value == have["risk"]] == ["risk"]
