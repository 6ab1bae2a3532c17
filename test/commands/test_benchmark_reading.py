"""The benchmark of reading bags, on a few frames."""

from dl_robotics.commands.__main__ import main


def test_every_kind_of_bag_gets_a_row(capsys):
    code = main(["benchmark", "reading", "--frames", "4", "--seconds", "0.05", "--threads", "1"])
    head, *rows = capsys.readouterr().out.splitlines()
    assert "frames/s" in head
    kinds = ["sqlite3, raw", "sqlite3, png", "sqlite3, jpeg", "mcap, raw", "mcap, png", "mcap, jpeg"]
    assert [row[:20].strip() for row in rows] == kinds
    speeds = {row[:20].strip(): [float(figure) for figure in row[20:].split()[1:]] for row in rows}
    assert all(per_s > 0 and per_cpu_s > 0 for per_s, per_cpu_s in speeds.values())
    assert code == (0 if min(speeds["mcap, raw"][0], speeds["sqlite3, raw"][0]) >= 500 else 1)
