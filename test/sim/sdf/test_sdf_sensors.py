"""Lidars, cameras and inertial units."""

import pytest

from dl_robotics.sim.world import Camera, Imu, Lidar, Noise

SCAN = "<horizontal><samples>{samples}</samples><min_angle>{low}</min_angle><max_angle>{high}</max_angle></horizontal>"
RANGE = "<range><min>0.1</min><max>{far}</max></range>"
CAMERA = "<horizontal_fov>1</horizontal_fov><image><width>32</width><height>24</height></image>"


def sensor(kind, body, rate=10):
    more = f"<update_rate>{rate}</update_rate><topic>t</topic><always_on>1</always_on>"
    return f'<link name="l">\n<sensor name="s" type="{kind}">{more}<pose>0 0 1 0 0 0</pose>\n{body}</sensor></link>'


def lidar(kind="gpu_lidar", tag="lidar", samples=5, low=-1, high=1, far=2, more=""):
    scan = SCAN.format(samples=samples, low=low, high=high)
    return sensor(kind, f"<{tag}><scan>{scan}</scan>{RANGE.format(far=far)}{more}</{tag}>")


def camera(kind="camera", body=CAMERA):
    return sensor(kind, f"<camera>\n{body}</camera>")


def imu(body):
    return sensor("imu", f"<imu>\n{body}</imu>")


def only_sensor(found):
    ((_, found_sensor),) = found.sensors()
    return found_sensor


@pytest.mark.parametrize("kind", ["gpu_lidar", "lidar", "gpu_ray", "ray"])
@pytest.mark.parametrize("tag", ["lidar", "ray"])
def test_lidars(model, kind, tag):
    found = only_sensor(model(lidar(kind, tag, more="<noise><type>gaussian</type><stddev>0.01</stddev></noise>")))
    assert isinstance(found, Lidar)
    assert (found.name, found.topic, found.rate_hz, found.samples) == ("s", "t", 10, 5)
    assert (found.angle_min, found.angle_max, found.range_min_m, found.range_max_m) == (-1, 1, 0.1, 2)
    assert found.noise == Noise(0, 0.01)
    assert found.pose[2, 3] == 1


@pytest.mark.parametrize("kind", ["camera", "depth_camera", "rgbd_camera"])
def test_cameras(model, kind):
    body = CAMERA + "<pose>1 0 0 0 0 0</pose><noise><type>gaussian</type><mean>0</mean><stddev>0.007</stddev></noise>"
    found = only_sensor(model(camera(kind, body)))
    assert isinstance(found, Camera)
    assert (found.width, found.height, found.horizontal_fov, found.near_m, found.far_m) == (32, 24, 1, 0.1, 100)
    assert tuple(found.pose[:3, 3]) == (1, 0, 1)
    assert found.noise == Noise(0, 0.007)


def test_range_of_a_camera(model):
    clip = "<clip><near>0.05</near><far>8</far></clip>"
    found = only_sensor(model(camera("rgbd_camera", f"{CAMERA}{clip}<depth_camera>{clip}</depth_camera>")))
    assert (found.near_m, found.far_m) == (0.05, 8)


def test_imus(model):
    noise = '<noise type="gaussian"><mean>0</mean><stddev>0.2</stddev><bias_mean>0</bias_mean></noise>'
    axes = "".join(f"<{axis}>{noise}</{axis}>" for axis in "xyz")
    found = only_sensor(model(imu(f"<angular_velocity>{axes}</angular_velocity>")))
    assert isinstance(found, Imu)
    assert found.angular_velocity_noise == Noise(0, 0.2)
    assert found.linear_acceleration_noise == Noise()
    assert isinstance(only_sensor(model(sensor("imu", ""))), Imu)


def test_noise_of_type_none_is_none(model):
    assert only_sensor(model(lidar(more='<noise type="none"><stddev>1</stddev></noise>'))).noise == Noise()


def rows(inside):
    return lidar().replace("</scan>", f"<vertical>{inside}</vertical></scan>")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (sensor("sonar", ""), "5: sensor type 'sonar' is not supported; expected one of gpu_lidar, lidar"),
        (sensor("contact", "<contact/>"), "6: <contact> inside <sensor> is not supported"),
        (sensor("imu", "<plugin name='p' filename='f'/>"), "6: <plugin> inside <sensor> is not supported"),
        (sensor("imu", "", rate=0), "5: <update_rate> is '0'; expected a finite number > 0"),
        (sensor("gpu_lidar", ""), "5: <sensor> has no <lidar>"),
        (sensor("camera", ""), "5: <sensor> has no <camera>"),
        (sensor("imu", "<lidar/>"), "6: <lidar> in a sensor of type 'imu'; expected imu"),
        (rows("<samples>16</samples>"), "6: <samples> '16' inside <vertical> is not supported; expected 1"),
        (
            rows("<samples>1</samples><min_angle>0.1</min_angle>"),
            "6: <min_angle> '0.1' inside <vertical> is not supported",
        ),
        (lidar(samples=0), "6: <samples> is '0'; expected a whole number >= 1"),
        (lidar(samples=1.5), "6: <samples> is '1.5'; expected a whole number >= 1"),
        (lidar(low=2), "6: angles from 2.0 to 1.0; expected min_angle <= max_angle, at most one turn"),
        (lidar(high=9), "6: angles from -1.0 to 9.0; expected min_angle <= max_angle, at most one turn"),
        (lidar(far=0.1), "6: <range> from 0.1 to 0.1; expected min < max"),
        (lidar(far="inf"), "6: <max> is 'inf'; expected a finite number"),
        (lidar(more="<noise><type>laplace</type></noise>"), "6: noise type 'laplace' is not supported"),
        (camera(body=CAMERA + "<lens/>"), "7: <lens> inside <camera> is not supported"),
        (
            camera(body=CAMERA + "<distortion><k1>0.1</k1></distortion>"),
            "7: <k1> '0.1' inside <distortion> is not supported",
        ),
        (camera(body=CAMERA.replace(">1<", ">4<")), "7: <horizontal_fov> is 4.0; expected < pi"),
        (camera(body=CAMERA.replace("24", "-24")), "7: <height> is '-24'; expected a whole number >= 1"),
        (camera(body=CAMERA.replace("</image>", "<format>L8</format></image>")), "7: <format> 'L8' is not supported"),
        (
            camera(body=CAMERA + "<depth_camera><clip><near>1</near><far>2</far></clip></depth_camera>"),
            "7: a depth range of",
        ),
        (camera(body=CAMERA + '<pose relative_to="l"/>'), "7: <camera> relative to 'l' is not supported"),
        (
            imu("<angular_velocity><x><noise><stddev>1</stddev></noise></x></angular_velocity>"),
            "7: <angular_velocity> with",
        ),
        (
            imu("<angular_velocity><x><noise><bias_mean>1</bias_mean></noise></x></angular_velocity>"),
            "7: <bias_mean> '1' inside <noise> is not supported; expected 0",
        ),
    ],
)
def test_sensors_that_do_not_fit_are_refused(refused, text, message):
    assert message in refused(text)
