"""The simulator and the navigator together; takes the arguments of both launch files."""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare


def generate_launch_description() -> LaunchDescription:
    """Include both; arguments given on the command line reach them, the required one is passed on by name."""
    folder = PathJoinSubstitution([FindPackageShare("dl_robotics"), "launch"])
    return LaunchDescription(
        [
            DeclareLaunchArgument("policy", description="checkpoint of a trained policy"),
            IncludeLaunchDescription(PathJoinSubstitution([folder, "simulator.launch.py"])),
            IncludeLaunchDescription(
                PathJoinSubstitution([folder, "navigator.launch.py"]),
                launch_arguments={"policy": LaunchConfiguration("policy")}.items(),
            ),
        ]
    )
