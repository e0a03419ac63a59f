"""The program that reads logs, started by the bot for each of them."""

from bot.customer_logs.reading.programs import shipped_programs

if __name__ == "__main__":
    shipped_programs()
