"""The simulator: a world with a robot, its sensors and its wheels on topics."""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, SetEnvironmentVariable
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

CONFIG = PathJoinSubstitution([FindPackageShare("dl_robotics"), "config"])


def generate_launch_description() -> LaunchDescription:
    """Arguments, then the node; what an argument sets wins over the parameter file."""
    return LaunchDescription(
        [
            DeclareLaunchArgument("world", default_value="arena", description="SDF file, or a name in config/worlds"),
            DeclareLaunchArgument(
                "robot",
                default_value="",
                description="SDF model for a world without a robot, or a name in config/robots",
            ),
            DeclareLaunchArgument("namespace", default_value="", description="of the node and its topics"),
            DeclareLaunchArgument(
                "params_file",
                default_value=PathJoinSubstitution([CONFIG, "drive.yaml"]),
                description="parameters of all nodes",
            ),
            # Without it Fast DDS drops images between processes.
            SetEnvironmentVariable("FASTDDS_DEFAULT_PROFILES_FILE", PathJoinSubstitution([CONFIG, "fastdds.xml"])),
            Node(
                package="dl_robotics",
                executable="simulator",
                name="simulator",
                namespace=LaunchConfiguration("namespace"),
                parameters=[
                    LaunchConfiguration("params_file"),
                    {"world": LaunchConfiguration("world"), "robot": LaunchConfiguration("robot")},
                ],
                output="screen",
            ),
        ]
    )
