"""A link as a picture."""

import base64
from xml.etree import ElementTree

from rapport.contact.notices import qr_data, qr_svg

LINK = "https://desk.example.org/i/0123456789abcdefghijklmnopqrstuvwxyzABCDEFG/"


def test_the_picture_is_one_svg_without_script_or_style():
    svg = ElementTree.fromstring(qr_svg(LINK))
    tags = {element.tag.rpartition("}")[2] for element in svg.iter()}

    assert svg.tag.endswith("svg")
    assert tags <= {"svg", "rect", "path"}
    assert not any("style" in element.attrib for element in svg.iter())


def test_the_same_link_gives_the_same_picture_and_another_another():
    assert qr_svg(LINK) == qr_svg(LINK) != qr_svg(LINK + "x")


def test_as_an_address_it_fits_a_strict_content_policy():
    data = qr_data(LINK)

    assert data.startswith("data:image/svg+xml;base64,")
    assert base64.b64decode(data.partition(",")[2]).decode() == qr_svg(LINK)
