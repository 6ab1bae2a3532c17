"""The navigator: a learned policy that drives a robot to goals; for the simulator, for Gazebo and for a real robot."""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import LifecycleNode
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare


def generate_launch_description() -> LaunchDescription:
    """Arguments, then the node; what an argument sets wins over the parameter file."""
    parameters = PathJoinSubstitution([FindPackageShare("dl_robotics"), "config", "drive.yaml"])
    return LaunchDescription(
        [
            DeclareLaunchArgument("policy", description="checkpoint of a trained policy"),
            DeclareLaunchArgument("namespace", default_value="", description="of the node and its topics"),
            DeclareLaunchArgument("map", default_value="", description="SDF world that is known, or its name"),
            DeclareLaunchArgument("use_sim_time", default_value="true", description="false on a real robot"),
            DeclareLaunchArgument("autostart", default_value="true", description="configure and activate at once"),
            DeclareLaunchArgument("params_file", default_value=parameters, description="parameters of all nodes"),
            LifecycleNode(
                package="dl_robotics",
                executable="navigator",
                name="navigator",
                namespace=LaunchConfiguration("namespace"),
                parameters=[
                    LaunchConfiguration("params_file"),
                    {
                        "model": LaunchConfiguration("policy"),
                        "map": ParameterValue(LaunchConfiguration("map"), value_type=str),
                        "use_sim_time": ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool),
                        "autostart": ParameterValue(LaunchConfiguration("autostart"), value_type=bool),
                    },
                ],
                output="screen",
            ),
        ]
    )
