"""The detector: the objects in a camera's images."""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, SetEnvironmentVariable
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import LifecycleNode
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare

CONFIG = PathJoinSubstitution([FindPackageShare("dl_robotics"), "config"])


def generate_launch_description() -> LaunchDescription:
    """Arguments, then the node; what an argument sets wins over the parameter file."""
    parameters = PathJoinSubstitution([CONFIG, "perception.yaml"])
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "model", default_value="detector", description="checkpoint, or a name in config/models"
            ),
            DeclareLaunchArgument("image", default_value="image", description="topic of the camera"),
            DeclareLaunchArgument("namespace", default_value="", description="of the node and its topics"),
            DeclareLaunchArgument("use_sim_time", default_value="false", description="true with a simulator"),
            DeclareLaunchArgument("autostart", default_value="true", description="configure and activate at once"),
            DeclareLaunchArgument("params_file", default_value=parameters, description="parameters of all nodes"),
            # Without it Fast DDS drops images between processes.
            SetEnvironmentVariable("FASTDDS_DEFAULT_PROFILES_FILE", PathJoinSubstitution([CONFIG, "fastdds.xml"])),
            LifecycleNode(
                package="dl_robotics",
                executable="detector",
                name="detector",
                namespace=LaunchConfiguration("namespace"),
                parameters=[
                    LaunchConfiguration("params_file"),
                    {
                        "model": LaunchConfiguration("model"),
                        "use_sim_time": ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool),
                        "autostart": ParameterValue(LaunchConfiguration("autostart"), value_type=bool),
                    },
                ],
                remappings=[("image", LaunchConfiguration("image"))],
                output="screen",
            ),
        ]
    )
