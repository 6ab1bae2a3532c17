"""A robot that drives while it is taught: simulator, navigator and trainer.

The trainer practises with a simulator of its own, in a ROS domain of its own (both are in the recipe), and pushes each
new best policy that passes its gate to the navigator, which exchanges it between two scans.
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import LifecycleNode
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare("dl_robotics")


def generate_launch_description() -> LaunchDescription:
    """Arguments, the drive as it is launched alone, then the trainer."""
    recipe = PathJoinSubstitution([SHARE, "config", "training", "live_td3.yaml"])
    return LaunchDescription(
        [
            DeclareLaunchArgument("policy", description="checkpoint of the policy that drives at first"),
            DeclareLaunchArgument("recipe", default_value=recipe, description="how the trainer learns"),
            DeclareLaunchArgument("output", default_value="runs/live", description="folder of the trainer's run"),
            DeclareLaunchArgument("learn", default_value="true", description="whether the trainer begins at once"),
            DeclareLaunchArgument(
                "trainer_params_file",
                default_value=PathJoinSubstitution([SHARE, "config", "learn.yaml"]),
                description="parameters of the trainer",
            ),
            IncludeLaunchDescription(
                PathJoinSubstitution([SHARE, "launch", "drive.launch.py"]),
                launch_arguments={"policy": LaunchConfiguration("policy")}.items(),
            ),
            LifecycleNode(
                package="dl_robotics",
                executable="trainer",
                name="trainer",
                namespace="",
                parameters=[
                    LaunchConfiguration("trainer_params_file"),
                    {
                        "recipe": LaunchConfiguration("recipe"),
                        "output": LaunchConfiguration("output"),
                        "autostart": ParameterValue(LaunchConfiguration("learn"), value_type=bool),
                    },
                ],
                # On SIGINT it brings the step or the evaluation that it is at to its end, and saves the run.
                sigterm_timeout="60",
                output="screen",
            ),
        ]
    )
