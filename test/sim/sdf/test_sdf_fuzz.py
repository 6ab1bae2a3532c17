"""Whatever a file holds, the reader reads it or refuses it with an SdfError that names a place."""

import re
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dl_robotics.resources import config_file
from dl_robotics.sim.sdf import SdfError, read_world
from dl_robotics.sim.sdf.elements import MODEL
from dl_robotics.sim.world import World

QUICK = settings(deadline=None, database=None)
ARENA = config_file("worlds", "arena.sdf").read_text()
BURGER = config_file("robots", "burger", "model.sdf").read_text()
# The arena with the robot itself in place of its include: every kind of element is in one file.
WHOLE = re.sub(
    r"<include>.*?</include>", lambda _: re.search("<model.*</model>", BURGER, re.DOTALL)[0], ARENA, flags=re.DOTALL
)
TAGS = sorted({str(node.tag) for node in etree.fromstring(WHOLE.encode()).iter() if isinstance(node.tag, str)})
VALUES = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "1e308",
        "-1e16",
        "nan",
        "inf",
        "true",
        "1 2 3",
        "0 0 0 0 0 0",
        "a b c",
        "world",
        "__model__",
        "link",
    ]
)


def outcome(text):
    """The world, or the message against it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "world.sdf"
        path.write_bytes(text)
        try:
            return read_world(path)
        except SdfError as error:
            return str(error).removeprefix(str(path))


def check(text):
    found = outcome(text)
    assert isinstance(found, World) or re.match(r":\d+: .", found), found


def test_the_whole_file_is_read():
    assert outcome(WHOLE.encode()).robot.name == "burger"


@given(st.binary(max_size=200))
@settings(QUICK, max_examples=60)
def test_bytes(text):
    check(text)


@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=8))
@settings(QUICK, max_examples=60)
def test_files_with_a_piece_replaced(place, length, piece):
    text = WHOLE.encode()
    check(text[:place] + piece + text[place + length :])


@given(st.data())
@settings(QUICK, max_examples=120)
def test_files_with_elements_changed(data):
    root = etree.fromstring(WHOLE.encode())
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    for _ in range(data.draw(st.integers(1, 3))):
        node = data.draw(st.sampled_from(nodes))
        match data.draw(st.sampled_from(["text", "tag", "attribute", "remove", "copy", "move"])):
            case "text":
                node.text = data.draw(VALUES | st.text("0123456789.e+- ", max_size=12))
            case "tag":
                node.tag = data.draw(st.sampled_from(TAGS))
            case "attribute":
                names = ["name", "type", "relative_to", "attached_to", "expected_in", *node.keys()]
                node.set(data.draw(st.sampled_from(names)), data.draw(VALUES))
            case "remove" if node.getparent() is not None:
                node.getparent().remove(node)
            case "copy" if node.getparent() is not None:
                node.getparent().append(etree.fromstring(etree.tostring(node)))
            case "move" if node.getparent() is not None:
                new = data.draw(st.sampled_from(nodes))
                if node not in (new, *new.iterancestors()):
                    new.append(node)
    check(etree.tostring(root))


def trees(rule, depth=4):
    """Elements that the table of elements allows, with values that may not fit."""
    if rule.inert or depth == 0:
        return st.just(("", (), ()))
    attributes = (
        st.lists(st.tuples(st.sampled_from(rule.attributes), VALUES), max_size=3) if rule.attributes else st.just(())
    )
    children = st.just(())
    if rule.children:
        pairs = [
            trees(child, depth - 1).map(lambda tree, tag=tag: (tag, tree))
            for tag, child in rule.children.items()
            if ":" not in tag
        ]
        children = st.lists(st.one_of(pairs), max_size=4)
    return st.tuples(VALUES, attributes, children)


def grow(tag, tree):
    text, attributes, children = tree
    node = etree.Element(tag, dict(attributes))
    node.text = text
    node.extend([grow(name, child) for name, child in children])
    return node


@given(trees(MODEL))
@settings(QUICK, max_examples=80)
def test_elements_that_the_table_allows(tree):
    root = etree.fromstring('<sdf version="1.9"><world name="w"/></sdf>')
    root[0].append(grow("model", tree))
    check(etree.tostring(root))
