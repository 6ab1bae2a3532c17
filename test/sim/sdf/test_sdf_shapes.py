"""Shapes, friction, colours, masses and inertias."""

import numpy as np
import pytest

from dl_robotics.sim.world import Box, Capsule, Cylinder, Material, Plane, Sphere


def body(geometry, more="", tag="collision"):
    return (
        f'<static>1</static><link name="l">\n<{tag} name="c">\n<geometry>\n{geometry}</geometry>\n{more}</{tag}></link>'
    )


def massive(inertial, more=""):
    return f'<link name="l">\n<inertial>\n{inertial}</inertial>\n{more}</link>'


@pytest.mark.parametrize(
    ("geometry", "shape"),
    [
        ("<box><size>1 2 3</size></box>", Box((1, 2, 3))),
        ("<cylinder><radius>0.5</radius><length>2</length></cylinder>", Cylinder(0.5, 2)),
        ("<sphere><radius>1e-1</radius></sphere>", Sphere(0.1)),
        ("<capsule><radius>.5</radius><length>+2</length></capsule>", Capsule(0.5, 2)),
        ("<plane><normal>0 0 2</normal><size>4 5</size></plane>", Plane((0, 0, 1), (4, 5))),
        ("<plane/>", Plane((0, 0, 1), (1, 1))),
    ],
)
def test_shapes(model, geometry, shape):
    assert model(body(geometry)).links[0].collisions[0].shape == shape
    assert model(body(geometry, tag="visual")).links[0].visuals[0].shape == shape


@pytest.mark.parametrize(
    ("surface", "friction"),
    [
        ("", 1.0),
        ("<mu>0.4</mu><mu2>0.4</mu2>", 0.4),
        ("<mu>0</mu>", 0.0),
        ("<mu2>0.3</mu2>", 0.3),
        ("<mu>100000</mu><mu2>1e5</mu2><fdir1>1 0 0</fdir1><slip1>0.0</slip1>", 1e5),
    ],
)
def test_friction(model, surface, friction):
    more = f"<surface><friction><ode>{surface}</ode></friction></surface>"
    assert model(body("<plane/>", more)).links[0].collisions[0].friction == friction


def test_colours(model):
    colours = "<ambient>0.1 0.2 0.3</ambient><diffuse>1 0 0 0.5</diffuse>"
    more = f"<transparency>0.5</transparency><material>{colours}</material>"
    (visual,) = model(body("<plane/>", more, "visual")).links[0].visuals
    assert visual.material == Material(ambient=(0.1, 0.2, 0.3, 1.0), diffuse=(1.0, 0.0, 0.0, 0.25))


def test_a_link_without_inertial_has_a_kilogram(model):
    inertial = model('<link name="l"/>').links[0].inertial
    assert inertial.mass == 1.0
    np.testing.assert_array_equal(inertial.pose, np.eye(4))
    np.testing.assert_array_equal(inertial.inertia, np.eye(3))


def test_inertial_as_written(model):
    moments = "<ixx>2</ixx><iyy>3</iyy><izz>4</izz><ixy>.1</ixy><ixz>.2</ixz><iyz>.3</iyz>"
    inertial = model(massive(f"<mass>5</mass><pose>1 2 3 0 0 0</pose><inertia>{moments}</inertia>")).links[0].inertial
    assert inertial.mass == 5.0
    assert tuple(inertial.pose[:3, 3]) == (1, 2, 3)
    np.testing.assert_array_equal(inertial.inertia, [[2, 0.1, 0.2], [0.1, 3, 0.3], [0.2, 0.3, 4]])


def auto(*collisions, density=""):
    solids = "".join(f'<collision name="c{i}">{inside}</collision>' for i, inside in enumerate(collisions))
    return f'<link name="l"><inertial auto="true">{density}</inertial>{solids}</link>'


def test_auto_inertia_of_a_box_of_water(model):
    inertial = model(auto("<geometry><box><size>1 2 3</size></box></geometry>")).links[0].inertial
    assert inertial.mass == pytest.approx(6000)
    np.testing.assert_allclose(inertial.inertia, np.diag([6500, 5000, 2500]))


def test_auto_inertia_of_two_balls_is_that_of_a_dumbbell(model):
    ball = "<pose>{} 0 0 0 0 0</pose><density>{}</density><geometry><sphere><radius>0.5</radius></sphere></geometry>"
    inertial = model(auto(ball.format(-1, 100), ball.format(2, 200))).links[0].inertial
    light = 100 * np.pi / 6
    heavy = 2 * light
    assert inertial.mass == pytest.approx(light + heavy)
    np.testing.assert_allclose(inertial.pose[:3, 3], [1, 0, 0])
    spin = 0.4 * 0.25 * (light + heavy)
    apart = light * 2**2 + heavy * 1**2
    np.testing.assert_allclose(inertial.inertia, np.diag([spin, spin + apart, spin + apart]), rtol=1e-12)


def test_auto_inertia_turns_with_the_collision(model):
    rod = "<geometry><cylinder><radius>1</radius><length>6</length></cylinder></geometry>"
    lying = f"<pose>0 0 0 {np.pi / 2} 0 0</pose>{rod}"
    inertial = model(auto(lying, density="<density>2</density>")).links[0].inertial
    mass = 2 * np.pi * 6
    np.testing.assert_allclose(np.diag(inertial.inertia), mass * np.array([39 / 12, 0.5, 39 / 12]))  # (3 + 36) / 12


@pytest.mark.parametrize("length", [1e-9, 2.0])
def test_auto_inertia_of_a_capsule(model, length):
    """Against the integral over thin discs of radius r(z): dm (r^2 / 4 + z^2) across, dm r^2 / 2 about the axis."""
    shape = f"<geometry><capsule><radius>0.5</radius><length>{length}</length></capsule></geometry>"
    inertial = model(auto(shape)).links[0].inertial
    half = length / 2 + 0.5
    z = np.linspace(-half, half, 200_001)
    squared = 0.25 - np.maximum(np.abs(z) - length / 2, 0) ** 2
    disc = 1000 * np.pi * squared * (z[1] - z[0])
    assert inertial.mass == pytest.approx(disc.sum(), rel=1e-6)
    assert inertial.inertia[0, 0] == pytest.approx((disc * (squared / 4 + z**2)).sum(), rel=1e-6)
    assert inertial.inertia[2, 2] == pytest.approx((disc * squared / 2).sum(), rel=1e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            body("<mesh/>"),
            "7: <mesh> inside <geometry> is not supported; expected one of box, capsule, cylinder, plane",
        ),
        (body("<heightmap/>"), "7: <heightmap> inside <geometry> is not supported"),
        (body(""), "6: <geometry> holds none; expected exactly one of box"),
        (body("<plane/><plane/>"), "7: a second <plane> inside <geometry>; expected one"),
        (body("<plane/><box/>"), "6: <geometry> holds plane, box; expected exactly one of box"),
        (body("<box/>"), "7: <box> has no <size>"),
        (body("<box><size>a b c</size></box>"), "7: <size> is 'a b c'; expected 3 finite numbers"),
        (body("<box><size>1 2</size></box>"), "7: <size> is '1 2'; expected 3 finite numbers"),
        (body("<box><size>1 -2 3</size></box>"), "7: <size> is '1 -2 3'; expected 3 numbers > 0"),
        (body("<sphere><radius>0</radius></sphere>"), "7: <radius> is '0'; expected a finite number > 0"),
        (body("<sphere><radius>nan</radius></sphere>"), "7: <radius> is 'nan'; expected a finite number > 0"),
        (body("<sphere><radius>1_0</radius></sphere>"), "7: <radius> is '1_0'; expected a finite number > 0"),
        (body("<plane><normal>0 0 0</normal></plane>"), "7: <normal> is '0 0 0'; expected 3 finite numbers, not all 0"),
        (
            body("<plane/>", "<material><diffuse>2 0 0</diffuse></material>", "visual"),
            "8: <diffuse> is '2 0 0'; expected 3",
        ),
        (
            body("<plane/>", "<material><script/></material>", "visual"),
            "8: <script> inside <material> is not supported",
        ),
        (body("<plane/>", "<transparency>2</transparency>", "visual"), "8: <transparency> is 2; expected <= 1"),
        (
            body("<plane/>", "<surface><friction><ode><mu>1</mu><mu2>0</mu2></ode></friction></surface>"),
            "8: friction that differs by direction is not supported; expected mu = mu2, got 1.0, 0.0",
        ),
        (
            body("<plane/>", "<surface><friction><ode><slip1>0.1</slip1></ode></friction></surface>"),
            "8: <slip1> '0.1' inside <ode> is not supported; expected 0",
        ),
        (
            body(
                "<plane/>", "<surface><bounce><restitution_coefficient>1</restitution_coefficient></bounce></surface>"
            ),
            "8: <restitution_coefficient> '1' inside <bounce> is not supported; expected 0",
        ),
        (body("<plane/>").replace("<static>1</static>", ""), "3: collision 'l::c' is a plane in a model that moves"),
        (massive("<mass>-1</mass>"), "6: <mass> is '-1'; expected a finite number > 0"),
        (massive("<mass>0</mass>"), "6: <mass> is '0'; expected a finite number > 0"),
        (
            massive("<inertia><ixx>-1</ixx></inertia>"),
            "6: <inertia> has principal moments [-1.  1.  1.]; expected all > 0",
        ),
        (massive("<inertia><ixy>1</ixy></inertia>"), "expected all > 0"),
        (
            massive("<inertia><izz>2.5</izz></inertia>"),
            "6: <inertia> has principal moments [1.  1.  2.5]; expected none above",
        ),
        (massive('<pose relative_to="l"/>'), "6: <inertial> relative to 'l'; expected the link's own frame"),
        (massive("<fluid_added_mass/>"), "6: <fluid_added_mass> inside <inertial> is not supported"),
        (auto(), "4: auto='true' in a link without <collision>"),
        (auto(density="<mass>1</mass>"), "4: <mass> beside auto='true' is not supported"),
        (auto("<geometry><plane/></geometry>"), "4: auto='true' with the shape plane, which has no volume"),
        (auto().replace("true", "maybe"), "4: attribute 'auto' of <inertial> is 'maybe'; expected true or false"),
    ],
)
def test_bodies_that_do_not_fit_are_refused(refused, text, message):
    assert message in refused(text)
