"""``track`` from the command line to the files, on a sequence made here."""

import json

import pytest

from dl_robotics.commands.__main__ import USER_ERROR, main
from dl_robotics.data.mot import read_mot

FRAMES = 20
ABOUT = "[Sequence]\nframeRate=20\nseqLength=20\n"


@pytest.fixture
def walk(tmp_path):
    """Two people walk past each other, one 60 pixels behind the other."""
    lines: dict[str, list[str]] = {"gt": [], "det": []}
    for frame in range(1, FRAMES + 1):
        for person, left, top in ((1, 10 + 8 * frame, 50), (2, 300 - 8 * frame, 110)):
            lines["gt"].append(f"{frame},{person},{left},{top},40,100,1,1,1")
            lines["det"].append(f"{frame},-1,{left},{top},40,100,0.9,-1,-1,-1")
    for part, rows in lines.items():
        (tmp_path / "Walk" / part).mkdir(parents=True)
        (tmp_path / "Walk" / part / f"{part}.txt").write_text("\n".join(rows))
    (tmp_path / "Walk/seqinfo.ini").write_text(ABOUT)
    return tmp_path / "Walk"


def test_a_sequence_is_tracked_scored_and_written(walk, tmp_path, capsys):
    output = tmp_path / "tracks"
    assert main(["track", str(walk), "--output", str(output), "--set", "min_hits=1"]) == 0
    told = capsys.readouterr().out
    assert "Walk" in told
    assert "IDF1" in told
    found = read_mot(output / "Walk.txt")
    assert (len(found), set(found.ids.tolist())) == (2 * FRAMES, {1, 2})
    report = json.loads((output / "report.json").read_text())
    figures = report["sequences"]["Walk"]
    assert (figures["MOTA"], figures["IDF1"], figures["switches"]) == (1.0, 1.0, 0)
    assert (figures["tracks"], figures["frames"], figures["rate (Hz)"]) == (2, FRAMES, 20.0)
    assert report["settings"]["min_hits"] == 1


def test_detections_without_truth_are_tracked_all_the_same(walk, tmp_path, capsys):
    alone = tmp_path / "mine.txt"
    alone.write_text((walk / "det/det.txt").read_text())
    assert main(["track", str(alone), "--rate", "10"]) == 0
    assert "MOTA" not in capsys.readouterr().out
    assert main(["track", str(alone), "--truth", str(walk / "gt/gt.txt")]) == 0
    assert "MOTA" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["{walk}", "{walk}"], "each a name of its own"),
        (["{walk}", "{walk}/det/det.txt", "--truth", "{walk}/gt/gt.txt"], "a single sequence"),
        (["{walk}", "--rate", "0"], "--rate: expected > 0"),
        (["{walk}", "--set", "min_hit=1"], "unknown key"),
        (["{walk}/nothing"], "No such file"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(walk, capsys, arguments, reason):
    assert main(["track", *(part.format(walk=walk) for part in arguments)]) == USER_ERROR
    assert reason in capsys.readouterr().err
