"""Where things are: worked examples, with numbers found by hand."""

import numpy as np
import pytest

from dl_robotics.ops.geometry import roll_pitch_yaw, transform
from dl_robotics.sim.sdf import SdfError

HALF_TURN, QUARTER = np.pi, np.pi / 2


def position(matrix):
    return tuple(np.round(matrix[:3, 3], 9))


def yaw(matrix):
    return round(float(roll_pitch_yaw(matrix)[2]), 9)


def test_links_stand_in_the_model_frame_unless_they_name_another(model):
    found = model(f"""
        <pose>1 2 0 0 0 {QUARTER}</pose>
        <link name="a"><pose>1 0 0 0 0 {QUARTER}</pose></link>
        <link name="b"><pose relative_to="a">1 0 0 0 0 0</pose></link>
        <link name="c"><pose relative_to="b">0 1 0 0 0 {QUARTER}</pose></link>
        """)
    assert position(found.pose) == (1, 2, 0)
    assert position(found.link("a").pose) == (1, 0, 0)
    assert position(found.link("b").pose) == (1, 1, 0)  # a looks along y
    assert position(found.link("c").pose) == (0, 1, 0)
    assert yaw(found.link("c").pose) == pytest.approx(-HALF_TURN) or yaw(found.link("c").pose) == pytest.approx(
        HALF_TURN
    )
    assert position(found.pose @ found.link("b").pose) == (0, 3, 0)


def test_frames_are_relative_to_what_they_are_attached_to(model):
    found = model(f"""
        <link name="a"><pose>1 0 0 0 0 {QUARTER}</pose></link>
        <frame name="f" attached_to="a"><pose>1 0 0 0 0 0</pose></frame>
        <frame name="g" attached_to="a"><pose relative_to="__model__">5 0 0 0 0 0</pose></frame>
        <link name="on_f"><pose relative_to="f"/></link>
        <link name="on_g"><pose relative_to="g"/></link>
        """)
    assert position(found.link("on_f").pose) == (1, 1, 0)
    assert position(found.link("on_g").pose) == (5, 0, 0)


def test_joints_are_frames_and_stand_in_their_child(model):
    found = model(f"""
        <link name="a"/>
        <link name="b"><pose>1 0 0 0 0 {QUARTER}</pose></link>
        <link name="c"><pose relative_to="j">0 0 1 0 0 0</pose></link>
        <joint name="j" type="revolute">
          <pose>1 0 0 0 0 0</pose><parent>a</parent><child>b</child><axis><xyz>0 0 1</xyz></axis>
        </joint>
        """)
    assert position(found.joints[0].pose) == (1, 1, 0)
    assert yaw(found.joints[0].pose) == pytest.approx(QUARTER)
    assert position(found.link("c").pose) == (1, 1, 1)


def test_what_belongs_to_a_link_stands_in_it_unless_it_names_another_frame(model):
    found = model(f"""
        <link name="a">
          <pose>1 0 0 0 0 {QUARTER}</pose>
          <collision name="own">
            <pose>1 0 0 0 0 0</pose><geometry><sphere><radius>1</radius></sphere></geometry>
          </collision>
          <visual name="other">
            <pose relative_to="__model__">1 3 0 0 0 0</pose><geometry><sphere><radius>1</radius></sphere></geometry>
          </visual>
        </link>
        """)
    link = found.link("a")
    assert position(link.collisions[0].pose) == (1, 0, 0)
    assert position(link.visuals[0].pose) == (3, 0, 0)  # 3 along y of the model is 3 along x of the link
    assert yaw(link.visuals[0].pose) == pytest.approx(-QUARTER)


def test_models_and_frames_of_a_world_are_relative_to_each_other(world):
    found = world(f"""
        <frame name="corner"><pose>2 0 0 0 0 {QUARTER}</pose></frame>
        <model name="first">
          <pose relative_to="corner">1 0 0 0 0 0</pose><link name="top"><pose>0 0 1 0 0 0</pose></link>
        </model>
        <model name="second"><pose relative_to="first::top">1 0 0 0 0 0</pose><link name="l"/></model>
        <light name="lamp" type="point"><pose relative_to="second">0 0 1 0 0 0</pose></light>
        """)
    assert position(found.models[0].pose) == (2, 1, 0)
    assert position(found.models[1].pose) == (2, 2, 1)
    assert position(found.lights[0].pose) == (2, 2, 2)


def test_nested_models_are_flattened_under_their_names(model):
    found = model(f"""
        <link name="base"/>
        <model name="arm">
          <pose>1 0 0 0 0 {QUARTER}</pose>
          <link name="upper"><pose>1 0 0 0 0 0</pose></link>
          <model name="hand"><pose>0 0 1 0 0 0</pose><link name="palm"/></model>
          <joint name="wrist" type="fixed"><parent>upper</parent><child>hand::palm</child></joint>
        </model>
        <link name="ring"><pose relative_to="arm::hand::palm">1 0 0 0 0 0</pose></link>
        <joint name="shoulder" type="fixed"><parent>base</parent><child>arm::upper</child></joint>
        <joint name="finger" type="fixed"><parent>arm::hand</parent><child>ring</child></joint>
        """)
    assert [link.name for link in found.links] == ["base", "ring", "arm::upper", "arm::hand::palm"]
    assert position(found.link("arm::upper").pose) == (1, 1, 0)
    assert position(found.link("arm::hand::palm").pose) == (1, 0, 1)
    assert position(found.link("ring").pose) == (1, 1, 1)
    ends = {joint.name: (joint.parent, joint.child) for joint in found.joints}
    assert ends == {
        "arm::wrist": ("arm::upper", "arm::hand::palm"),
        "shoulder": ("base", "arm::upper"),
        "finger": ("arm::hand::palm", "ring"),
    }


def test_placement_frame_is_what_the_pose_places(world):
    found = world("""
        <model name="m" placement_frame="tip">
          <pose>5 0 0 0 0 0</pose>
          <link name="l"/>
          <frame name="tip"><pose>0 0 2 0 0 0</pose></frame>
        </model>
        """)
    assert position(found.models[0].pose) == (5, 0, -2)


def test_canonical_link_comes_first(model):
    body = '<link name="a"/><link name="b"/><joint name="j" type="fixed"><parent>a</parent><child>b</child></joint>'
    assert [link.name for link in model(body).links] == ["a", "b"]
    assert [link.name for link in model(body, 'canonical_link="b"').links] == ["b", "a"]


def test_degrees_and_quaternions(model):
    found = model("""
        <link name="a"><pose degrees="true">0 0 0 0 0 90</pose></link>
        <link name="b"><pose rotation_format="quat_xyzw">1 2 3 0 0 0.7071067811865476 0.7071067811865476</pose></link>
        """)
    np.testing.assert_allclose(found.link("a").pose, transform(rpy=(0, 0, QUARTER)), atol=1e-12)
    np.testing.assert_allclose(found.link("b").pose, transform((1, 2, 3), (0, 0, QUARTER)), atol=1e-12)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('\n<link name="a"><pose relative_to="b"/></link>', "5: unknown frame 'b'; expected one of __model__, a"),
        ('<link name="a"/>\n<frame name="f" attached_to="g"/>', "5: unknown frame 'g'"),
        (
            '<link name="a"><pose relative_to="b"/></link>\n<link name="b"><pose relative_to="a"/></link>',
            "frames in a circle: a -> b -> a",
        ),
        ('<link name="a"/>\n<frame name="f" attached_to="f"/>', "5: frames in a circle: f -> f"),
        ('<link name="a"/>\n<link name="a"/>', "5: <link> is named 'a', as the <link> at"),
        ('<link name="a"/>\n<frame name="a"/>', "5: <frame> is named 'a', as the <link> at"),
        ('<link name="world"/>', "4: <link> is named 'world'; expected no reserved name"),
        ('<link name="a::b"/>', "4: <link> is named 'a::b'; expected no reserved name"),
        ("<static>true</static>", "<model> 'm' has no <link>"),
    ],
)
def test_frames_that_do_not_fit_are_refused(refused, body, message):
    assert message in refused(body)


def test_canonical_link_that_is_no_link_is_refused(model):
    with pytest.raises(SdfError, match="canonical_link is 'f'; expected a link"):
        model('<link name="a"/><frame name="f"/>', 'canonical_link="f"')
