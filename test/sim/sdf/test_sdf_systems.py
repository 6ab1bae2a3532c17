"""Gazebo's systems: differential drive, trajectory follower, drag, and those without effect."""

import numpy as np
import pytest

from dl_robotics.sim.sdf import SdfError, read_world
from dl_robotics.sim.world import DiffDrive, Drag, TrajectoryFollower

WHEELS = '<link name="base"/>\n' + "".join(
    f'<link name="{name}_wheel"/><joint name="{name}" type="continuous">'
    f"<parent>base</parent><child>{name}_wheel</child>"
    "<axis><xyz>0 1 0</xyz></axis></joint>\n"
    for name in ("l1", "l2", "r1", "r2")
)
SIDES = "<left_joint>l1</left_joint><right_joint>r1</right_joint>"
WAYPOINT = "<waypoints><waypoint>1 2</waypoint></waypoints>"


def plugin(system, inside, namespace="gz::sim"):
    return f'<plugin filename="lib" name="{namespace}::systems::{system}">\n{inside}</plugin>'


def drive(inside):
    return WHEELS + plugin("DiffDrive", inside)


def follower(inside, pose="0 0 0 0 0 0"):
    link = f'<pose>{pose}</pose><link name="l"><pose>1 0 0 0 0 0</pose></link>\n'
    return link + plugin("TrajectoryFollower", f"<link_name>l</link_name>{inside}")


def drag(inside):
    return '<link name="l"/>\n' + plugin("Hydrodynamics", f"<link_name>l</link_name>{inside}")


@pytest.mark.parametrize("namespace", ["gz::sim", "ignition::gazebo"])
@pytest.mark.parametrize("version", ["", "v6::"])
def test_drive_with_defaults(model, namespace, version):
    expected = DiffDrive(("l1",), ("r1",), wheel_separation_m=1.0, wheel_radius_m=0.2, child_frame_id="base")
    assert model(WHEELS + plugin(f"{version}DiffDrive", SIDES, namespace)).drive == expected


def test_drive_with_everything(model):
    found = model(
        drive("""
        <left_joint>l1</left_joint><left_joint>l2</left_joint><right_joint>r1</right_joint><right_joint>r2</right_joint>
        <wheel_separation>0.3</wheel_separation><wheel_radius>0.1</wheel_radius>
        <max_velocity>1</max_velocity><min_velocity>-1</min_velocity><max_linear_velocity>0.5</max_linear_velocity>
        <max_acceleration>2</max_acceleration><min_angular_acceleration>-3</min_angular_acceleration>
        <odom_publish_frequency>20</odom_publish_frequency><topic>go</topic><odom_topic>where</odom_topic>
        <tf_topic>tf</tf_topic><frame_id>start</frame_id><child_frame_id>me</child_frame_id>
        """)
    ).drive
    assert found == DiffDrive(
        left_joints=("l1", "l2"),
        right_joints=("r1", "r2"),
        wheel_separation_m=0.3,
        wheel_radius_m=0.1,
        max_linear_velocity=0.5,
        min_linear_velocity=-1,
        max_angular_velocity=1,
        min_angular_velocity=-1,
        max_linear_acceleration=2,
        min_linear_acceleration=-np.inf,
        max_angular_acceleration=2,
        min_angular_acceleration=-3,
        odom_publish_frequency_hz=20,
        topic="go",
        odom_topic="where",
        frame_id="start",
        child_frame_id="me",
    )


def test_drive_of_a_nested_model(model):
    found = model(f'<model name="cart">{drive(SIDES)}</model>').drive
    assert found is not None
    assert (found.left_joints, found.right_joints, found.child_frame_id) == (("cart::l1",), ("cart::r1",), "cart::base")


def test_follower_with_defaults(model):
    expected = TrajectoryFollower("l", ((1, 2),), False, 60, 50, 0.5, 2, False)
    assert model(follower(WAYPOINT)).follower == expected


def test_follower_with_everything(model):
    found = model(
        follower("""
        <loop>true</loop><force>1</force><torque>2</torque><range_tolerance>3</range_tolerance>
        <bearing_tolerance>4</bearing_tolerance><zero_vel_on_bearing_reached>1</zero_vel_on_bearing_reached>
        <topic>pause</topic><waypoints><waypoint>1 2</waypoint><waypoint>3 4</waypoint></waypoints>
        """)
    ).follower
    assert found == TrajectoryFollower("l", ((1, 2), (3, 4)), True, 1, 2, 3, 4, True)


def test_line_from_where_the_link_stands(model):
    quarter = np.pi / 2
    found = model(
        follower(f"<line><direction>{quarter}</direction><length>3</length></line>", f"5 5 0 0 0 {quarter}")
    ).follower
    assert found is not None
    np.testing.assert_allclose(found.waypoints, [(5, 6), (2, 6)], atol=1e-12)  # the line turns with the link


def test_circle_around_where_the_link_stands(model):
    found = model(follower("<circle><radius>2</radius></circle>", "5 5 0 0 0 1.5707963267948966")).follower
    assert found is not None
    s = np.sqrt(2)
    offsets = [(2, 0), (s, s), (0, 2), (-s, s), (-2, 0), (-s, -s), (0, -2), (s, -s)]
    np.testing.assert_allclose(found.waypoints, np.array([5, 6]) + offsets, atol=1e-12)


def test_drag(model):
    zeros = "<xDotU>0</xDotU><xUU>0</xUU><nRabsR>0.0</nRabsR><yR>0</yR><zW>-7</zW><water_density>998</water_density>"
    assert model(drag(f"<xU>-1</xU><yV>-2</yV><nR>-3</nR>{zeros}")).drag == Drag("l", 1, 2, 3)
    assert model(drag("")).drag == Drag("l", 0, 0, 0)


def test_systems_of_the_world_are_kept_for_the_record(world):
    names = [f"{space}::systems::Sensors" for space in ("gz::sim", "ignition::gazebo")]
    found = world("".join(f'<plugin filename="f" name="{name}"><engine>ogre2</engine></plugin>' for name in names))
    assert found.systems == tuple(names)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '<link name="l"/>\n<plugin name="mine" filename="f"/>',
            "5: plugin 'mine' is not supported; expected one of gz::",
        ),
        ('<link name="l"/>\n' + plugin("Thruster", ""), "5: plugin 'gz::sim::systems::Thruster' is not supported"),
        ('<link name="l"/>\n<plugin filename="f"/>', "5: <plugin> has no attribute 'name'"),
        (drive("<left_joint>l1</left_joint>"), "9: DiffDrive expected at least one <left_joint> and one <right_joint>"),
        (drive(SIDES.replace("r1", "r3")), "9: DiffDrive drives 'r3'; expected a revolute or continuous joint: l1, l2"),
        (drive(SIDES + "<wheel_radius>0</wheel_radius>"), "10: <wheel_radius> is '0'; expected a finite number > 0"),
        (
            drive(SIDES + "<max_linear_velocity>-1</max_linear_velocity>"),
            "9: <max_linear_velocity> is -1.0; expected >= 0",
        ),
        (drive(SIDES + "<min_velocity>1</min_velocity>"), "9: <min_linear_velocity> is 1.0; expected <= 0"),
        (drive(SIDES + "<max_jerk>1</max_jerk>"), "10: <max_jerk> inside <plugin> is not supported"),
        (drive(SIDES) + plugin("DiffDrive", SIDES), "10: a second DiffDrive in model 'm'; expected one"),
        (drive(SIDES) + "<static>1</static>", "9: DiffDrive in model 'm', which is static; expected one that moves"),
        (follower(""), "5: TrajectoryFollower with none; expected exactly one of waypoints, circle, line"),
        (follower(WAYPOINT + "<circle/>"), "5: TrajectoryFollower with waypoints, circle; expected exactly one"),
        (follower("<waypoints/>"), "6: <waypoints> has no <waypoint>"),
        (follower("<circle/>"), "6: <circle> has no <radius>"),
        (
            follower("<waypoints><waypoint>1 2 3</waypoint></waypoints>"),
            "6: <waypoint> is '1 2 3'; expected 2 finite numbers",
        ),
        (follower(WAYPOINT).replace("name>l<", "name>k<"), "6: <link_name> is 'k'; expected one of l"),
        (follower(WAYPOINT + "<speed>1</speed>"), "6: <speed> inside <plugin> is not supported"),
        (drag("<xU>1</xU>"), "6: <xU> is 1.0, which speeds up; expected <= 0"),
        (drag("<xDotU>5</xDotU>"), "6: <xDotU> '5' inside <plugin> is not supported; expected 0"),
        (drag("<xUabsU>-5</xUabsU>"), "6: <xUabsU> '-5' inside <plugin> is not supported; expected 0"),
        (drag("<xV>-5</xV>"), "6: <xV> '-5' inside <plugin> is not supported; expected 0"),
        (
            drag("<default_current>1 0 0</default_current>"),
            "6: <default_current> '1 0 0' inside <plugin> is not supported",
        ),
    ],
)
def test_systems_that_do_not_fit_are_refused(refused, text, message):
    assert message in refused(text)


def test_a_drive_belongs_in_a_model(write):
    with pytest.raises(SdfError, match=r"world\.sdf:3: DiffDrive stands in a <world>; expected it in a <model>"):
        read_world(write(f'<world name="w">\n{plugin("DiffDrive", "")}</world>'))
