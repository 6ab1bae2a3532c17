"""People who move: activities as angles of joints over time, seeded, seen by a camera."""
