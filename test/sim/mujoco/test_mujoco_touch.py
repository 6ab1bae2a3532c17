"""What counts as a collision, and as a tumble."""

import numpy as np
import pytest
from mujoco_worlds import drive, floor, model, robot_at, shipped_compiled, simulate, world_of

from dl_robotics.ops.geometry import transform
from dl_robotics.sim.mujoco.compile import compile_world
from dl_robotics.sim.mujoco.simulation import Simulation
from dl_robotics.sim.world import Box, Inertial, Plane

WALL = model("wall", Box((0.1, 2.0, 0.5)), transform((0.5, 0.0, 0.25)))


def test_wall_latches_and_reset_clears():
    simulation = simulate(WALL)
    drive(simulation, (0.2, 0.0), 1.5)
    assert not simulation.collided
    drive(simulation, (0.2, 0.0), 1.5)
    assert simulation.collided
    assert simulation.pose[0] < 0.45
    drive(simulation, (-0.2, 0.0), 1.0)
    assert simulation.pose[0] < 0.3
    assert simulation.collided
    simulation.reset((0.0, 0.0, 0.0))
    assert not simulation.collided


def test_contacts_have_names_places_and_directions():
    simulation = simulate(WALL)
    assert simulation.contacts() == []  # the floor is none
    simulation.reset((0.45 - 0.105 + 0.002, 0.0, 0.0))
    assert simulation.touching
    (contact,) = simulation.contacts()
    assert contact.first.startswith("burger::")
    assert contact.second == "wall::link::collision"
    assert contact.positions[:, 0] == pytest.approx(0.45, abs=0.005)
    assert contact.normals == pytest.approx(np.tile([1.0, 0.0, 0.0], (len(contact.depths), 1)), abs=1e-6)
    assert contact.depths.max() == pytest.approx(0.002, abs=5e-4)
    drive(simulation, (-0.2, 0.0), 1.0)
    simulation.tick((0.0, 0.0))
    assert simulation.contacts() == []
    assert (simulation.touching, simulation.collided) == (False, True)


def test_placed_inside_a_wall():
    simulation = simulate(WALL)
    simulation.reset((0.45, 0.0, 0.0))
    assert simulation.collided


@pytest.mark.parametrize("height", [0.0, 0.004])
def test_slab_is_floor_as_long_as_it_is_flat(height):
    slab = model("slab", Box((4.0, 4.0, 0.1)), transform((0.0, 0.0, height - 0.05)))
    simulation = Simulation(compile_world(world_of(slab, robot_at(np.eye(4)))))
    drive(simulation, (0.2, 1.0), 1.0)
    assert not simulation.collided
    assert simulation.transform[2, 3] == pytest.approx(height, abs=1e-3)


def test_sill_is_an_obstacle():
    simulation = simulate(model("sill", Box((0.02, 2.0, 0.04)), transform((0.3, 0.0, 0.0))))
    drive(simulation, (0.2, 0.0), 2.0)
    assert simulation.collided


def test_upright_plane_is_a_wall():
    simulation = simulate(model("wall", Plane(normal=(-1.0, 0.0, 0.0)), transform((0.5, 0.0, 0.0))))
    drive(simulation, (0.2, 0.0), 3.0)
    assert simulation.collided
    assert simulation.pose[0] < 0.5


def test_loose_box_is_touched_and_pushed():
    light = Inertial(0.05, np.eye(4), np.eye(3) * 1e-4)
    simulation = simulate(model("box", Box((0.1, 0.1, 0.1)), transform((0.3, 0.0, 0.05)), False, 0.3, light))
    drive(simulation, (0.0, 0.0), 0.5)
    assert not simulation.collided
    drive(simulation, (0.2, 0.0), 2.0)
    assert simulation.collided
    assert simulation.data.body("box::link").xpos[0] > 0.35


def test_mover_runs_into_a_standing_robot():
    compiled = shipped_compiled("arena")
    simulation, ahead = Simulation(compiled), compiled.trajectories[0].pose(3.0)
    simulation.reset((ahead[0], ahead[1], 0.0), mover_rate=[1.0, 0.0, 0.0, 0.0])
    drive(simulation, (0.0, 0.0), 3.0)
    assert simulation.collided


def test_steep_floor_tumbles_and_level_floor_does_not():
    for lean, tumbles in ((0.0, False), (0.7, True)):
        world = world_of(floor(lean), robot_at(transform(rpy=(0.0, lean, 0.0))))
        simulation = Simulation(compile_world(world))
        drive(simulation, (0.0, 0.0), 0.1)
        assert simulation.tumbled is tumbles


def test_falls_freely_and_lands_on_its_side():
    simulation = Simulation(compile_world(world_of(floor(), robot_at(transform((0.0, 0.0, 0.5), (0.45, 0.0, 0.0))))))
    drive(simulation, (0.0, 0.0), 0.2)
    assert simulation.transform[2, 3] == pytest.approx(0.5 - 9.8 * 0.2**2 / 2.0, abs=0.015)
    assert not simulation.tumbled
    world = world_of(floor(), robot_at(transform((0.0, 0.0, 0.5), (1.2, 0.0, 0.0))))
    simulation = Simulation(compile_world(world))
    assert simulation.tumbled
    drive(simulation, (0.0, 0.0), 2.0)
    assert simulation.transform[2, 2] < 0.5
    assert not simulation.collided
