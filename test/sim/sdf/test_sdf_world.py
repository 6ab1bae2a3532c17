"""Worlds: physics, scene and lights; a robot put into one; files that are no worlds."""

import numpy as np
import pytest

from dl_robotics.errors import UserError
from dl_robotics.sim.sdf import SdfError, read_model, read_world
from dl_robotics.sim.world import Light

ROBOT = """<model name="robot"><pose>7 7 0 0 0 0</pose><link name="base"/>
  <link name="w"/><joint name="j" type="continuous"><parent>base</parent><child>w</child><axis/></joint>
  <plugin filename="f" name="gz::sim::systems::DiffDrive">
    <left_joint>j</left_joint><right_joint>j</right_joint>
  </plugin>
</model>"""


def test_an_empty_world_has_the_defaults_of_sdf(world):
    found = world("")
    assert (found.name, found.models, found.lights, found.systems) == ("w", (), (), ())
    assert (found.gravity, found.physics_step_s) == ((0, 0, -9.8), 0.001)
    assert (found.ambient, found.background) == ((0.4, 0.4, 0.4, 1), (0.7, 0.7, 0.7, 1))


def test_everything_a_world_may_say(world):
    found = world("""
        <physics name="a" type="ode"><max_step_size>0.1</max_step_size><ode><solver/></ode></physics>
        <physics name="b" type="dart" default="true"><max_step_size>0.002</max_step_size></physics>
        <gravity>0 0 -1.6</gravity>
        <scene><ambient>1 1 1</ambient><background>0 0 0</background><grid>0</grid><shadows>false</shadows></scene>
        <light name="sun" type="directional"><cast_shadows>true</cast_shadows><diffuse>.4 .4 .4 1</diffuse>
          <intensity>2</intensity><direction>0 3 -4</direction><attenuation><range>9</range></attenuation></light>
        <light name="broken" type="point"><light_on>false</light_on></light>
        <magnetic_field>1 2 3</magnetic_field><atmosphere type="adiabatic"/><gui fullscreen="0"><camera/></gui>
        <spherical_coordinates/><wind/><audio/><gz:policies><x/></gz:policies> <!-- gz sim --headless -->
        """)
    assert (found.gravity, found.physics_step_s) == ((0, 0, -1.6), 0.002)
    assert (found.ambient, found.background) == ((1, 1, 1, 1), (0, 0, 0, 1))
    (sun,) = found.lights
    assert (sun.kind, sun.direction, sun.cast_shadows) == ("directional", (0, 0.6, -0.8), False)
    assert (sun.diffuse, sun.specular) == ((0.8, 0.8, 0.8, 1), (0.2, 0.2, 0.2, 1))


def test_a_light_with_defaults(world):
    (found,) = world('<light name="l" type="spot"/>').lights
    assert (found.diffuse, found.specular, found.direction) == (Light.diffuse, Light.specular, Light.direction)


def test_a_robot_is_put_at_the_origin_of_a_world_without_one(write):
    found = read_world(write('<world name="w"/>'), write(ROBOT, "robot.sdf"))
    assert found.robot.name == "robot"
    np.testing.assert_array_equal(found.robot.pose, np.eye(4))
    assert tuple(read_model(write(ROBOT, "robot.sdf")).pose[:3, 3]) == (7, 7, 0)


def test_a_second_robot_is_refused(write, tmp_path):
    path = write(f'<world name="w">{ROBOT}</world>')
    with pytest.raises(
        SdfError, match=r"world\.sdf: holds the model 'robot'; expected no robot there beside .*robot\.sdf"
    ):
        read_world(path, write(ROBOT, "robot.sdf"))


def test_a_world_without_robot_is_refused_when_it_is_needed(world):
    with pytest.raises(ValueError, match="expected one model with a DiffDrive system, found none"):
        _ = world("").robot


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<actor name='a'/>", "3: <actor> inside <world> is not supported; expected one of"),
        ("<state/>", "3: <state> inside <world> is not supported"),
        ("<gravity>down</gravity>", "3: <gravity> is 'down'; expected 3 finite numbers"),
        (
            "<physics type='ode'><max_step_size>0</max_step_size></physics>",
            "3: <max_step_size> is '0'; expected a finite",
        ),
        ("<light name='l' type='laser'/>", "3: light type 'laser' is not supported; expected one of directional"),
        ("<light name='l' type='spot'/>\n<light name='l' type='spot'/>", "4: <light> is named 'l', as the one at"),
        (
            "<light name='l' type='spot'><diffuse>1</diffuse></light>",
            "3: <diffuse> is '1'; expected 3 or 4 numbers in [0, 1]",
        ),
        ("<frame name='f'/>\n<frame name='f'/>", "4: <frame> is named 'f', as the <frame> at"),
        ("<frame/>", "3: <frame> has no attribute 'name'"),
        ("<frame name='f' colour='red'/>", "3: attribute 'colour' of <frame> is not supported; expected one of name"),
        (
            "<model name='m'><static>maybe</static><link name='l'/></model>",
            "3: <static> is 'maybe'; expected true or false",
        ),
        (
            "<model name='m'><self_collide>1</self_collide><link name='l'/></model>",
            "3: <self_collide> '1' inside <model>",
        ),
        (
            "<model name='m'><link name='l'/>\n<model name='n'><static>1</static><link name='l'/></model></model>",
            "4: a static",
        ),
        ("<model name='m'><link name='l'><gravity/></link></model>", "3: <gravity> is ''; expected true or false"),
        ("<model name='m'><gripper name='g'/></model>", "3: <gripper> inside <model> is not supported"),
        (
            "<model name='m'><pose>1 2 3</pose><link name='l'/></model>",
            "3: <pose> is '1 2 3'; expected 6 finite numbers",
        ),
        (
            "<model name='m'><pose rotation_format='matrix'>0 0 0</pose><link name='l'/></model>",
            "3: rotation_format is 'mat",
        ),
        ("<experimental:params/>", "3: <experimental:params> inside <world> is not supported"),
        ("<gravity>0 0 -1</gravity>\n<gravity>0 0 -2</gravity>", "4: a second <gravity> inside <world>; expected one"),
    ],
)
def test_worlds_that_do_not_fit_are_refused(world, tmp_path, body, message):
    with pytest.raises(SdfError) as error:
        world(body)
    assert str(error.value).startswith(f"{tmp_path}/world.sdf:{message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1: is not XML"),
        ("<sdf version='1.9'>\n<world name='w'>\n</sdf>", ":3: is not XML: Opening and ending tag mismatch"),
        ("<sdf version='1.9'>&nobody;</sdf>", ":1: is not XML: Entity 'nobody' not defined"),
        (
            "<!DOCTYPE sdf [<!ENTITY a 'b'>]>\n<sdf version='1.9'>&a;</sdf>",
            ":2: a document type declaration is not supported",
        ),
        ("<robot name='urdf'/>", ":1: root element is <robot>; expected <sdf>"),
        ("<sdf/>", ":1: <sdf> has no attribute 'version'"),
        ("<sdf version='1.2'/>", ":1: version is '1.2'; expected one of 1.5, 1.6"),
        ("<sdf version='1.9'/>", ":1: <sdf> holds nothing; expected a <world>"),
        (
            "<sdf version='1.9'>\n<model name='m'><link name='l'/></model></sdf>",
            ":1: <sdf> holds model; expected a <world>",
        ),
        (
            "<sdf version='1.9'>\n<world name='w'/>\n<world name='x'/></sdf>",
            ":3: a second <world> inside <sdf>; expected one",
        ),
        ("<sdf version='1.9'><world/></sdf>", ":1: <world> has no attribute 'name'"),
    ],
)
def test_files_that_are_no_worlds_are_refused(tmp_path, text, message):
    path = tmp_path / "world.sdf"
    path.write_text(text)
    with pytest.raises(SdfError) as error:
        read_world(path)
    assert str(error.value).startswith(f"{path}{message}")


@pytest.mark.parametrize("reader", [read_world, read_model])
def test_files_that_are_not_there_are_refused(tmp_path, reader):
    with pytest.raises(SdfError, match=r"gone\.sdf: cannot be read: No such file"):
        reader(tmp_path / "gone.sdf")


def test_a_folder_is_no_world(tmp_path):
    with pytest.raises(SdfError, match="cannot be read: Is a directory"):
        read_world(tmp_path)


def test_bottomless_nests_are_refused(world):
    depth = 200
    with pytest.raises(SdfError, match="models within models, 33 deep; expected at most 32"):
        world("<model name='m'>" * depth + "<link name='l'/>" + "</model>" * depth)


def test_errors_are_the_users_to_mend():
    assert issubclass(SdfError, UserError)
    assert issubclass(SdfError, ValueError)
