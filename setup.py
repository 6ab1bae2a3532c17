"""Installs the package the way ament_python expects; requirements are in package.xml and requirements/."""

from pathlib import Path

from setuptools import find_packages, setup

NAME = "dl_robotics"


def files_below(folder: str) -> list[tuple[str, list[str]]]:
    """Every file below a folder, each to the same place below share/dl_robotics."""
    files = [path for path in sorted(Path(folder).rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return [(f"share/{NAME}/{path.parent}", [str(path)]) for path in files]


setup(
    name=NAME,
    version="0.1.0",
    description="Learned components for robots, as composable ROS 2 pipeline stages and the training that makes them.",
    license="Apache-2.0",
    maintainer="dl_robotics maintainers",
    maintainer_email="maintainers@dl-robotics.org",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    package_data={NAME: ["py.typed"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        *files_below("config"),
        *files_below("launch"),
    ],
    python_requires=">=3.10",
    install_requires=["setuptools"],
    extras_require={"workers": ["ray[default]"]},
    zip_safe=True,
    entry_points={
        "console_scripts": [
            f"dl_robotics = {NAME}.commands.__main__:main",
            f"action_recognizer = {NAME}.nodes.action_recognizer:main",
            f"compose = {NAME}.nodes.compose:main",
            f"detector = {NAME}.nodes.detector:main",
            f"navigator = {NAME}.nodes.navigator:main",
            f"pipeline = {NAME}.nodes.pipeline:main",
            f"player = {NAME}.nodes.player:main",
            f"pose_estimator = {NAME}.nodes.pose_estimator:main",
            f"recorder = {NAME}.nodes.recorder:main",
            f"segmenter = {NAME}.nodes.segmenter:main",
            f"sequence_recognizer = {NAME}.nodes.sequence_recognizer:main",
            f"simulator = {NAME}.nodes.simulator:main",
            f"tracker = {NAME}.nodes.tracker:main",
            f"trainer = {NAME}.nodes.trainer:main",
        ],
    },
)
