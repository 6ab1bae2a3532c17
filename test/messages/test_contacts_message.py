"""What touches what, as Gazebo's contact sensors tell it."""

import numpy as np
import pytest
from ros_gz_interfaces.msg import Contact as ContactMessage
from ros_gz_interfaces.msg import Contacts, Entity

from dl_robotics.messages.contacts import StampedContacts, decode_contacts, encode_contacts
from dl_robotics.messages.errors import MessageError
from dl_robotics.messages.header import encode_header
from dl_robotics.messages.vectors import encode_vector
from dl_robotics.ops.contacts import Contact

PLACES = np.array([[0.0, 1.0, 0.25], [0.5, 1.0, 0.25]])
ALONG_X = np.array([[1.0, 0.0, 0.0]] * 2)
SIDE = Contact("robot::base::body", "wall::link::side", PLACES, ALONG_X, np.array([0.001, 0.0]))


@pytest.mark.parametrize("contacts", [(), (SIDE,), (SIDE, SIDE)])
def test_contacts_come_back(travel, assert_same, contacts):
    stamped = StampedContacts(1_500_000_000, "world", contacts)
    for message in travel(encode_contacts(stamped)):
        assert_same(decode_contacts(message), stamped)


def test_gazebo_may_tell_places_alone():
    names = {f"collision{number}": Entity(id=number, name=f"model::link::{number}") for number in (1, 2)}
    contact = ContactMessage(positions=[encode_vector((1.0, 2.0, 3.0))], **names)
    found = decode_contacts(Contacts(header=encode_header(7, ""), contacts=[contact])).contacts[0]
    assert (found.first, found.second) == ("model::link::1", "model::link::2")
    assert found.positions.tolist() == [[1.0, 2.0, 3.0]]
    assert found.normals.shape == (1, 3)
    assert np.isnan(found.normals).all()
    assert np.isnan(found.depths).all()


def test_lists_that_do_not_fit_are_refused_by_field():
    message = encode_contacts(StampedContacts(7, "world", (SIDE, SIDE)))
    message.contacts[1].depths = [0.1]
    with pytest.raises(MessageError, match=r"contacts\[1\]\.depths: expected as many as positions, 2, or none, got 1"):
        decode_contacts(message)
    message.contacts[1].depths = [0.1, float("nan")]
    with pytest.raises(MessageError, match=r"contacts\[1\]\.depths: expected finite numbers"):
        decode_contacts(message)
