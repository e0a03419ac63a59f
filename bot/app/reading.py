"""The reader of tickets, as the configuration wants it."""

from bot.reading.reader import TicketReader
from bot.settings import Settings


def build_reader(settings: Settings) -> TicketReader:
    """Makes its tables, which takes some 100 ms."""
    reading = settings.reading
    return TicketReader(catalog=settings.catalog(), symptoms=reading.symptoms, usual_symptoms=reading.usual_symptoms)
