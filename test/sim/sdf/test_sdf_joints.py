"""Fixed, revolute and continuous joints."""

import numpy as np
import pytest

LINKS = '<link name="a"/><link name="b"><pose>0 0 0 0 0 1.5707963267948966</pose></link>\n'
AXIS = "<xyz>0 0 1</xyz>"


def joint(axis=AXIS, kind="revolute", ends="<parent>a</parent><child>b</child>", attributes=""):
    return f'{LINKS}<joint name="j" type="{kind}" {attributes}>\n{ends}<axis>\n{axis}</axis></joint>'


def read(model, *arguments, **options):
    return model(joint(*arguments, **options)).joints[0]


def test_limits_damping_and_friction(model):
    limit = "<limit><lower>-1</lower><upper>2</upper><effort>3</effort><velocity>4</velocity></limit>"
    found = read(model, f"{AXIS}{limit}<dynamics><damping>5</damping><friction>6</friction></dynamics>")
    assert (found.lower, found.upper, found.effort, found.velocity) == (-1, 2, 3, 4)
    assert (found.damping, found.friction, found.fixed) == (5, 6, False)
    assert (found.parent, found.child) == ("a", "b")


@pytest.mark.parametrize("value", ["1e16", "inf", "1e308"])
def test_unlimited(model, value):
    limit = f"<limit><lower>-{value}</lower><upper>{value}</upper><effort>-1</effort></limit>"
    found = read(model, AXIS + limit)
    assert (found.lower, found.upper) == (-np.inf, np.inf)
    assert (found.effort, found.velocity) == (np.inf, np.inf)


def test_continuous_joints_have_no_limits(model):
    found = read(model, f"{AXIS}<limit><lower>-1</lower><upper>2</upper></limit>", kind="continuous")
    assert (found.fixed, found.lower, found.upper) == (False, -np.inf, np.inf)


def test_fixed_joints_need_no_axis(model):
    found = model(LINKS + '<joint name="j" type="fixed"><parent>world</parent><child>b</child></joint>').joints[0]
    assert (found.fixed, found.parent) == (True, "world")


def test_parent_and_child_may_be_frames_that_move_with_a_link(model):
    frames = '<frame name="f" attached_to="a"/><frame name="g" attached_to="f"/>'
    found = model(joint(ends="<parent>g</parent><child>b</child>") + frames).joints[0]
    assert (found.parent, found.child) == ("a", "b")


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        (AXIS, (0, 0, 1)),
        ("", (0, 0, 1)),
        ("<xyz>1 0 0</xyz>", (1, 0, 0)),
        ('<xyz expressed_in="__model__">1 0 0</xyz>', (0, -1, 0)),  # the joint is turned a quarter to the left
        ("<xyz>1 0 0</xyz><use_parent_model_frame>1</use_parent_model_frame>", (0, -1, 0)),
        ("<xyz>0.7071 0.7071 0</xyz>", (np.sqrt(0.5), np.sqrt(0.5), 0)),
    ],
)
def test_axis_in_the_joint_frame(model, axis, expected):
    np.testing.assert_allclose(read(model, axis).axis, expected, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (joint(kind="ball"), "5: joint type 'ball' is not supported; expected one of fixed, revolute, continuous"),
        (joint(kind="prismatic"), "5: joint type 'prismatic' is not supported"),
        (joint(kind="universal").replace("</joint>", "<axis2/></joint>"), "<axis2> inside <joint> is not supported"),
        (joint(ends="<child>b</child>"), "5: <joint> has no <parent>"),
        (joint(ends="<parent>a</parent>"), "5: <joint> has no <child>"),
        (joint(ends="<parent>c</parent><child>b</child>"), "6: unknown frame 'c'; expected one of __model__, a, b, j"),
        (joint(ends="<parent>a</parent><child>a</child>"), "5: joint from 'a' to 'a'; expected two links"),
        (joint(ends="<parent>a</parent><child>world</child>"), "5: unknown frame 'world'"),
        (joint("<xyz>0 0 0</xyz>"), "7: <xyz> is '0 0 0', of length 0; expected a unit vector"),
        (joint("<xyz>0 0 2</xyz>"), "7: <xyz> is '0 0 2', of length 2; expected a unit vector"),
        (joint("<xyz expressed_in='c'>0 0 1</xyz>"), "7: unknown frame 'c'"),
        (
            joint("<limit><lower>1</lower><upper>0</upper></limit>"),
            "7: <limit> from 1.0 to 0.0; expected lower <= upper",
        ),
        (joint("<limit><lower>nan</lower></limit>"), "7: <lower> is 'nan'; expected a number"),
        (joint("<dynamics><damping>-1</damping></dynamics>"), "7: <damping> is '-1'; expected a finite number >= 0"),
        (
            joint("<dynamics><spring_stiffness>1</spring_stiffness></dynamics>"),
            "7: <spring_stiffness> '1' inside <dynamics>",
        ),
        (joint().replace("<axis>\n<xyz>0 0 1</xyz></axis>", ""), "5: <joint> has no <axis>"),
        (joint("<mimic/>"), "7: <mimic> inside <axis> is not supported"),
    ],
)
def test_joints_that_do_not_fit_are_refused(refused, text, message):
    assert message in refused(text)
