"""A reading that was stored is the same reading."""

from hypothesis import given
from hypothesis import strategies as st

from bot.status.model import SourceReading
from bot.status.store import READINGS
from tests import hostile

readings = st.builds(
    SourceReading,
    components=st.lists(hostile.status_components, max_size=3).map(tuple),
    incidents=st.lists(hostile.status_incidents, max_size=3).map(tuple),
    alerts=st.lists(hostile.status_alerts, max_size=3).map(tuple),
)


@given(readings)
def test_reading_is_the_inverse_of_storing(reading: SourceReading) -> None:
    """After a restart the cards show what they showed before."""
    assert READINGS.read(READINGS.write(reading)) == reading
