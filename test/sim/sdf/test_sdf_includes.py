"""Where included models come from and what an include may change."""

import pytest

from dl_robotics.ops.geometry import planar
from dl_robotics.sim.sdf import SdfError, read_model, read_world

POST = """<model name="post">
  <pose>1 0 0 0 0 0</pose><link name="pole"/><frame name="top"><pose>0 0 2 0 0 0</pose></frame>
</model>"""
CONFIG = """<model>
  <sdf version="1.9">new.sdf</sdf><sdf version="1.10">newest.sdf</sdf><sdf version="1.4">old.sdf</sdf>
</model>"""


def include(uri, more=""):
    return f'<world name="w">\n<include>\n<uri>{uri}</uri>\n{more}</include>\n</world>'


@pytest.mark.parametrize("uri", ["post.sdf", "file://post.sdf", "{folder}/post.sdf", "file://{folder}/post.sdf"])
def test_paths(write, tmp_path, uri):
    write(POST, "post.sdf")
    (found,) = read_world(write(include(uri.format(folder=tmp_path)))).models
    assert (found.name, planar(found.pose)) == ("post", (1, 0, 0))


@pytest.mark.parametrize("folder", ["worlds", "robots", "models"])
def test_models_beside_the_including_file(write, folder):
    write(POST, f"{folder}/post/newest.sdf").with_name("model.config").write_text(CONFIG)
    (found,) = read_world(write(include("model://post"), "worlds/world.sdf")).models
    assert found.name == "post"


@pytest.mark.parametrize("variable", ["SDF_PATH", "GZ_SIM_RESOURCE_PATH"])
def test_models_on_the_search_path(write, tmp_path, environment, variable):
    environment[variable] = f"/nowhere:{tmp_path}/far/away"
    write(POST, "far/away/post/newest.sdf").with_name("model.config").write_text(CONFIG)
    write(POST, "far/away/post/parts/one.sdf")
    assert read_world(write(include("model://post"))).models[0].name == "post"
    assert read_world(write(include("model://post/parts/one.sdf"))).models[0].name == "post"


def test_models_that_gazebo_fetched_before(write, tmp_path, environment):
    environment["GZ_FUEL_CACHE_PATH"] = str(tmp_path / "fuel")
    kept = "fuel/fuel.gazebosim.org/openrobotics/models/fence post"
    for version in (2, 10):
        path = write(POST.replace("post", f"post{version}"), f"{kept}/{version}/newest.sdf")
        path.with_name("model.config").write_text(CONFIG)
    address = "https://fuel.gazebosim.org/1.0/OpenRobotics/models/Fence%20Post"
    assert read_world(write(include(address))).models[0].name == "post10"
    assert read_world(write(include(f"{address}/2"))).models[0].name == "post2"
    with pytest.raises(SdfError, match=r"world\.sdf:4: .* was not found; looked for .*fence post/3"):
        read_world(write(include(f"{address}/3")))


def test_this_packages_robots_are_found_from_anywhere(write):
    assert read_world(write(include("model://burger"))).robot.name == "burger"


def test_folder_of_a_model(write, tmp_path):
    write(POST, "post/newest.sdf").with_name("model.config").write_text(CONFIG)
    assert read_model(tmp_path / "post").name == "post"


def test_an_include_overrides(write):
    write(POST, "post.sdf")
    more = "<name>mine</name><pose>3 4 0 0 0 0</pose><placement_frame>top</placement_frame><static>true</static>"
    (found,) = read_world(write(include("post.sdf", more))).models
    assert (found.name, found.static) == ("mine", True)
    assert tuple(found.pose[:3, 3]) == (3, 4, -2)


def test_an_include_may_add_plugins(write):
    write(POST, "post.sdf")
    more = """<plugin filename="f" name="gz::sim::systems::TrajectoryFollower">
        <link_name>pole</link_name><waypoints><waypoint>1 2</waypoint></waypoints></plugin>"""
    (found,) = read_world(write(include("post.sdf", more))).models
    assert found.follower is not None
    assert found.follower.waypoints == ((1, 2),)


def test_include_within_include_within_a_model(write):
    write(POST, "post.sdf")
    write('<model name="pair"><include><uri>post.sdf</uri><name>left</name></include></model>', "pair.sdf")
    (found,) = read_world(write(include("pair.sdf"))).models
    assert [link.name for link in found.links] == ["left::pole"]
    assert tuple(found.links[0].pose[:3, 3]) == (1, 0, 0)


def test_merged_include_adds_to_the_model_itself(write):
    write(POST, "post.sdf")
    body = """<model name="m"><link name="base"/>
        <include merge="true"><uri>post.sdf</uri></include>
        <joint name="j" type="fixed"><parent>base</parent><child>pole</child></joint></model>"""
    (found,) = read_world(write(f'<world name="w">{body}</world>')).models
    assert [link.name for link in found.links] == ["base", "pole"]
    assert found.joints[0].child == "pole"
    assert tuple(found.link("pole").pose[:3, 3]) == (1, 0, 0)


def test_an_included_light(write):
    write('<light name="sun" type="directional"><direction>0 0 -2</direction></light>', "sun.sdf")
    (light,) = read_world(write(include("sun.sdf"))).lights
    assert (light.name, light.kind, light.direction) == ("sun", "directional", (0, 0, -1))


def test_errors_name_the_included_file_and_its_line(write, tmp_path):
    write('<model name="post">\n<link name="pole">\n<battery/></link></model>', "post.sdf")
    with pytest.raises(SdfError) as error:
        read_world(write(include("post.sdf")))
    assert str(error.value).startswith(
        f"{tmp_path}/post.sdf:4: <battery> inside <link> is not supported; expected one of"
    )


@pytest.mark.parametrize(
    ("uri", "more", "message"),
    [
        ("gone.sdf", "", "4: <uri> 'gone.sdf' was not found; looked for {folder}/gone.sdf"),
        ("model://gone", "", "4: <uri> 'model://gone' was not found; looked for {folder}/gone, "),
        (
            "http://example.org/post.sdf",
            "",
            "4: <uri> is 'http://example.org/post.sdf'; expected model://, file://, a path",
        ),
        ("world.sdf", "", "4: {folder}/world.sdf includes itself"),
        ("empty.sdf", "", "3: {folder}/empty.sdf holds neither <model> nor <light>"),
        ("post.sdf", "<name>a::b</name>", "3: <include> is named 'a::b'; expected no reserved name"),
        ("post.sdf", "\n<placement_frame>top</placement_frame>", "6: <placement_frame> without <pose>; expected both"),
        ("post.sdf", "<pose/><placement_frame>tip</placement_frame>", "3: unknown frame 'tip'"),
        ("post.sdf", "\n<scale>2</scale>", "6: <scale> inside <include> is not supported"),
    ],
)
def test_includes_that_do_not_fit_are_refused(write, tmp_path, uri, more, message):
    write(POST, "post.sdf")
    write("", "empty.sdf")
    with pytest.raises(SdfError) as error:
        read_world(write(include(uri, more)))
    assert message.format(folder=tmp_path) in str(error.value)


def test_a_loop_over_two_files_is_refused(write):
    write('<model name="a"><include><uri>b.sdf</uri></include></model>', "a.sdf")
    write('<model name="b"><include><uri>a.sdf</uri></include></model>', "b.sdf")
    with pytest.raises(SdfError, match=r"b\.sdf:2: .*/a\.sdf includes itself"):
        read_model(write('<model name="c"><include><uri>a.sdf</uri></include></model>', "c.sdf"))


def test_a_config_without_file_is_refused(write, tmp_path):
    write(POST, "post/model.sdf").with_name("model.config").write_text("<model/>")
    with pytest.raises(SdfError, match=r"model\.config:1: <model> has no <sdf>"):
        read_model(tmp_path / "post")
