"""A segmenter learned from CamVid's 367 training images, its last weights judged on the 101 validation images."""

from __future__ import annotations

import argparse

from dl_robotics.commands.benchmark import real_data

PROMISED_MIOU = 0.50
OF_A_CLASS = "iou/"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    real_data.add_arguments(parser, "camvid_segmenter.yaml")


def run(args: argparse.Namespace) -> int:
    """Train and judge; print the table; 0 if the mean intersection over union is as promised, else 1."""
    data = [real_data.data_folder(args, "camvid")]
    overrides = {"data.paths": data, "validation.data.paths": data}
    figures, training_s = real_data.train_and_judge(args, args.output, overrides)
    for name, value in figures.items():
        if name.startswith(OF_A_CLASS):
            print(f"{name.removeprefix(OF_A_CLASS):<12} {value:.3f}")
    print(f"{'accuracy':<12} {figures['accuracy']:.3f}")
    print(f"mIoU {figures['miou']:.3f} after {training_s:.0f} s of training; promised {PROMISED_MIOU:.2f}")
    return 0 if figures["miou"] >= PROMISED_MIOU else 1
