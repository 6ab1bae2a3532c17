"""One end of a topic with large images: ``large_images.py receive`` or ``large_images.py send``.

The receiver leaves after ten images. The sender sends 30 images a second until the receiver has left, or until it has
sent a hundred, and prints how many it sent.
"""

import array
import sys

import rclpy
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import Image

WIDTH, HEIGHT = 1920, 1080
ENOUGH, LIMIT = 10, 100


def receive(node):
    received = []
    node.create_subscription(Image, "image", received.append, qos_profile_sensor_data)
    while len(received) < ENOUGH:
        rclpy.spin_once(node)


def send(node):
    image = Image(width=WIDTH, height=HEIGHT, step=3 * WIDTH, encoding="bgr8")
    image.data = array.array("B", bytes(3 * WIDTH * HEIGHT))
    publisher = node.create_publisher(Image, "image", qos_profile_sensor_data)
    while publisher.get_subscription_count() == 0:
        rclpy.spin_once(node, timeout_sec=0.01)
    sent = 0
    timer = node.create_timer(1.0 / 30.0, lambda: publisher.publish(image))
    while publisher.get_subscription_count() > 0 and sent < LIMIT:
        rclpy.spin_once(node)
        sent += 1
    timer.cancel()
    print(sent)


if __name__ == "__main__":
    rclpy.init()
    end = {"receive": receive, "send": send}[sys.argv[1]]
    end(rclpy.create_node(end.__name__))
    rclpy.shutdown()
