"""What the people before a camera are doing, all stages in one process; takes the arguments of perception.launch.py."""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare


def generate_launch_description() -> LaunchDescription:
    """Include it with another pipeline; arguments given on the command line reach it."""
    folder = PathJoinSubstitution([FindPackageShare("dl_robotics"), "launch"])
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "pipeline", default_value="people", description="YAML file, or a name in config/pipelines"
            ),
            IncludeLaunchDescription(
                PathJoinSubstitution([folder, "perception.launch.py"]),
                launch_arguments={"pipeline": LaunchConfiguration("pipeline")}.items(),
            ),
        ]
    )
