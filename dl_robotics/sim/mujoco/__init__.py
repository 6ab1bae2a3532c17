"""MuJoCo engine: wheel contact, lidar, imu and camera over a resolved world (Todorov et al. 2012, MuJoCo)."""
