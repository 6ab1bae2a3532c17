"""When a robot has touched something, as it is told by contacts with stamps, or by a switch without."""

from __future__ import annotations

from collections import deque

from dl_robotics.messages.contacts import StampedContacts


class Touches:
    """What has been heard of contacts.

    A contact may be heard before or after what else belongs to its time. From a source that sends empty lists, too, as
    our simulator does, one knows when all has been heard up to a time; Gazebo's contact sensors send none.
    """

    def __init__(self) -> None:
        self._stamps = deque[int]()  # of contacts, in order
        self._newest_ns = -1  # stamp of the last list, whatever is in it
        self._steady = False  # whether empty lists are sent
        self._pressed = False

    def hear(self, heard: StampedContacts) -> None:
        """Take in a list of contacts."""
        self._newest_ns = heard.stamp_ns
        if heard.contacts:
            self._stamps.append(heard.stamp_ns)
        else:
            self._steady = True

    def press(self, pressed: bool) -> None:
        """Take in what a switch says; once pressed counts until :meth:`begin`."""
        self._pressed = self._pressed or pressed

    def complete(self, stamp_ns: int) -> bool:
        """Whether no contact up to this time is still to be heard, as far as one can know."""
        return not self._steady or self._newest_ns >= stamp_ns

    def between(self, after_ns: int, until_ns: int) -> bool:
        """Whether the robot has touched something later than the one and not later than the other time."""
        while self._stamps and self._stamps[0] <= after_ns:
            self._stamps.popleft()
        return self._pressed or (len(self._stamps) > 0 and self._stamps[0] <= until_ns)

    def begin(self) -> None:
        """Forget contacts so far."""
        self._stamps.clear()
        self._pressed = False

    def clear(self) -> None:
        """Begin anew with a source whose time may begin anew, and which has to show what it sends."""
        self.begin()
        self._newest_ns, self._steady = -1, False
