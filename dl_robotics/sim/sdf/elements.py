"""The SDF elements that are read, from version 1.5 on, and those that are accepted because they change nothing here.

An element that is missing from these tables is refused. ``inert`` names what has no effect on what this package
simulates; the reason stands beside each group. ``only`` accepts an element as long as it holds its neutral value.
"""

from __future__ import annotations

from dataclasses import replace

from dl_robotics.sim.sdf.schema import INERT, LEAF, Rule, inert, leaves, neutral, only

POSE = Rule(attributes=("relative_to", "frame", "rotation_format", "degrees"))  # frame: its name until SDF 1.6
PLUGIN = Rule(attributes=("name", "filename"), inert=True, many=True)  # its parameters depend on the system

GEOMETRY = Rule(
    children={
        "box": Rule(children=leaves("size")),
        "cylinder": Rule(children=leaves("radius length")),
        "sphere": Rule(children=leaves("radius")),
        "capsule": Rule(children=leaves("radius length")),
        "plane": Rule(children=leaves("normal size")),
    }
)

# Looks beyond four plain colours: no renderer here has textures, and none of it is seen by a lidar.
_PBR = Rule(
    children={"metal": Rule(children=inert("roughness metalness")), "specular": Rule(children=inert("glossiness"))}
)
MATERIAL = Rule(
    children=leaves("ambient diffuse specular emissive")
    | inert("lighting double_sided render_order shininess")
    | {"pbr": _PBR}
)

# Friction of other physics engines than Gazebo's default, and how stiff and deep a contact is: solver matters.
SURFACE = Rule(
    children={
        "friction": Rule(
            children={"ode": Rule(children=leaves("mu mu2") | inert("fdir1") | neutral("slip1 slip2"))}
            | inert("torsional bullet")
        ),
        "contact": Rule(
            children=inert("ode bullet poissons_ratio elastic_modulus")
            | {
                "collide_without_contact": only("false"),
                "collide_bitmask": only("65535", "0xffff"),
                "category_bitmask": only("65535", "0xffff"),
            }
            | inert("collide_without_contact_bitmask")
        ),
        "bounce": Rule(children=neutral("restitution_coefficient") | inert("threshold")),
    }
)

# Strength of a lidar's echo, markers of user interfaces and the like.
COLLISION = Rule(
    attributes=("name",),
    children={"pose": POSE, "geometry": GEOMETRY, "surface": SURFACE, "density": LEAF}
    | inert("laser_retro max_contacts"),
    many=True,
)
VISUAL = Rule(
    attributes=("name",),
    children={"pose": POSE, "geometry": GEOMETRY, "material": MATERIAL, "transparency": LEAF, "plugin": PLUGIN}
    | inert("laser_retro cast_shadows meta")
    | {"visibility_flags": only("4294967295")},
    many=True,
)

INERTIAL = Rule(
    attributes=("auto",),
    children={"pose": POSE, "inertia": Rule(children=leaves("ixx ixy ixz iyy iyz izz"))} | leaves("mass density"),
)

# Errors that a plain Gaussian has not; neutral values are accepted.
_BIAS = "bias_mean bias_stddev dynamic_bias_stddev dynamic_bias_correlation_time precision"
NOISE = Rule(attributes=("type",), children=leaves("type mean stddev") | neutral(_BIAS))

# A range's resolution describes the sensor; Gazebo's rays return exact distances.
LIDAR = Rule(
    children={
        "scan": Rule(
            children={
                "horizontal": Rule(children=leaves("samples min_angle max_angle") | {"resolution": only("1")}),
                "vertical": Rule(
                    children={"samples": only("1"), "min_angle": only("0"), "max_angle": only("0")}
                    | inert("resolution")
                ),
            }
        ),
        "range": Rule(children=leaves("min max") | inert("resolution")),
        "noise": NOISE,
        "visibility_mask": only("4294967295"),
    }
)

# Names of topics and frames that the nodes choose, and pictures saved to disk.
_DISTORTION = Rule(children=neutral("k1 k2 k3 p1 p2") | inert("center"))
CAMERA = Rule(
    attributes=("name",),
    children={
        "pose": POSE,
        "image": Rule(children=leaves("width height format") | inert("anti_aliasing")),
        "clip": Rule(children=leaves("near far")),
        "noise": NOISE,
        "distortion": _DISTORTION,
        "visibility_mask": only("4294967295"),
        "triggered": only("false"),
        "depth_camera": Rule(children={"clip": Rule(children=leaves("near far"))} | inert("output")),
    }
    | leaves("horizontal_fov")
    | inert("save camera_info_topic optical_frame_id trigger_topic"),
)

_AXES = Rule(children=dict.fromkeys("xyz", Rule(children={"noise": NOISE})))
IMU = Rule(
    children={"angular_velocity": _AXES, "linear_acceleration": _AXES, "enable_orientation": INERT}
    | {"orientation_reference_frame": Rule(children={"localization": only("custom", "enu")})}
)

# How a sensor is shown, when it is switched on, and how its header is labelled in Gazebo.
SENSOR = Rule(
    attributes=("name", "type"),
    children={"pose": POSE, "lidar": LIDAR, "ray": LIDAR, "camera": CAMERA, "imu": IMU}
    | leaves("update_rate topic")
    | inert("always_on visualize enable_metrics gz_frame_id ignition_frame_id frame_id"),
    many=True,
)

# must_be_base_link is for the Simbody engine.
LINK = Rule(
    attributes=("name",),
    children={"pose": POSE, "inertial": INERTIAL, "collision": COLLISION, "visual": VISUAL, "sensor": SENSOR}
    | leaves("gravity")
    | {
        "enable_wind": only("false"),
        "self_collide": only("false"),
        "kinematic": only("false"),
        "velocity_decay": Rule(children=neutral("linear angular")),
    }
    | inert("must_be_base_link"),
    many=True,
)

# Springs of the joint's solver and of its stops: how an engine works, not what it simulates.
_DYNAMICS = Rule(children=leaves("damping friction") | inert("spring_reference") | neutral("spring_stiffness"))
_LIMIT = Rule(children=leaves("lower upper effort velocity") | inert("stiffness dissipation"))
_AXIS = Rule(
    children={"xyz": Rule(attributes=("expressed_in",)), "dynamics": _DYNAMICS, "limit": _LIMIT}
    | leaves("use_parent_model_frame")
    | neutral("initial_position")
)
JOINT = Rule(
    attributes=("name", "type"),
    children={"pose": POSE, "axis": _AXIS} | leaves("parent child") | inert("physics"),
    many=True,
)

FRAME = Rule(attributes=("name", "attached_to"), children={"pose": POSE}, many=True)

# What surrounds a light's colour and direction: no renderer here models it.
LIGHT = Rule(
    attributes=("name", "type"),
    children={"pose": POSE}
    | leaves("diffuse specular direction cast_shadows intensity light_on")
    | inert("attenuation spot visualize"),
    many=True,
)

INCLUDE = Rule(
    attributes=("merge",),
    children={"pose": POSE, "plugin": PLUGIN} | leaves("uri name static placement_frame"),
    many=True,
)

# Sleeping bodies are an engine's way of saving time.
_model_children = {
    "pose": POSE,
    "frame": FRAME,
    "link": LINK,
    "joint": JOINT,
    "plugin": PLUGIN,
    "include": INCLUDE,
    "static": LEAF,
    "self_collide": only("false"),
    "enable_wind": only("false"),
    **inert("allow_auto_disable"),
}
MODEL = Rule(attributes=("name", "canonical_link", "placement_frame"), children=_model_children, many=True)
_model_children["model"] = MODEL

# Of the physics only the step counts: the engines have solvers and a pace of their own. Wind moves nothing, since
# enable_wind is refused; the air, the magnetic field and the place on Earth are read by sensors that are refused.
WORLD = Rule(
    attributes=("name",),
    children={
        "frame": FRAME,
        "model": MODEL,
        "include": INCLUDE,
        "light": LIGHT,
        "plugin": PLUGIN,
        "gravity": LEAF,
        "physics": Rule(
            attributes=("name", "default", "type"),
            children=leaves("max_step_size")
            | inert("real_time_factor real_time_update_rate max_contacts ode bullet simbody dart"),
            many=True,
        ),
        "scene": Rule(children=leaves("ambient background shadows") | inert("grid origin_visual sky")),
        **inert("gz:policies gui audio atmosphere magnetic_field spherical_coordinates wind"),
    },
)

_ROOTS = {"world": WORLD, "model": MODEL, "light": LIGHT}
SDF = Rule(attributes=("version",), children={tag: replace(rule, many=False) for tag, rule in _ROOTS.items()})
