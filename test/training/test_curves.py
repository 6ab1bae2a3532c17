"""The picture of a run."""

import cv2

from dl_robotics.training.curves import PICTURE, draw_curves


def test_curves_are_drawn_from_the_tables(tmp_path):
    (tmp_path / "training.csv").write_text("step,loss,box,learning_rate\n1,2.0,1.5,0.1\n2,1.0,,0.1\n")
    (tmp_path / "evaluation.csv").write_text("step,AP50,other\n2,0.5,nan\n")
    draw_curves(tmp_path, "AP50")
    picture = cv2.imread(str(tmp_path / PICTURE))
    assert picture.shape == (400, 900, 3)
    left, right = picture[:, :450], picture[:, 450:]
    assert min(left.min(), right.min()) < 100  # something is drawn in either half
    assert sorted(path.name for path in tmp_path.iterdir()) == [PICTURE, "evaluation.csv", "training.csv"]
