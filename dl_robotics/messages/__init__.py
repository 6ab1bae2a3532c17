"""The only place where message fields are spelled. Nothing here imports rclpy."""
