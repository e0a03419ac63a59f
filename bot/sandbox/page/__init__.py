"""The sandbox's browser page: static files that look and work like a Slack client."""

from pathlib import Path

PAGE = Path(__file__).parent
"""The folder to serve: `index.html` at `/`, everything under `/page/`. No build step."""
