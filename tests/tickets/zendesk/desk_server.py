"""A Zendesk-like HTTP server whose every answer a test writes down itself."""

import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """One answer. `body` is sent as JSON unless it is bytes; `cut` promises more bytes than come.

    `drop` closes the connection without an answer; `hang` holds the answer until the server ends.
    """

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    drop: bool = False
    hang: bool = False
    cut: bool = False


Answer = Reply | Callable[[Seen], Reply]


class DeskServer:
    """Listens on a free port. `on` scripts a path: its answers in turn, the last one again and again."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Seen] = []
        self.hanging = threading.Event()
        self._released = threading.Event()
        self._script: dict[tuple[str, str], list[Answer]] = {}
        self._lock = threading.Lock()
        self._server = _Listener(("127.0.0.1", 0), _handler_for(self))
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if tls else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self.host}"

    def on(self, method: str, path: str, *answers: Answer) -> None:
        with self._lock:
            self._script[method, path] = list(answers)

    def seen(self, method: str, path: str) -> list[Seen]:
        return [one for one in self.requests if (one.method, one.path) == (method, path)]

    def answer(self, request: Seen) -> Reply:
        with self._lock:
            self.requests.append(request)
            answers = self._script.get((request.method, request.path))
            if not answers:
                return Reply({"error": "InvalidEndpoint", "description": "Not found"}, status=404)
            chosen = answers.pop(0) if len(answers) > 1 else answers[0]
        return chosen if isinstance(chosen, Reply) else chosen(request)

    def hold(self) -> None:
        self.hanging.set()
        self._released.wait(30)

    def release(self) -> None:
        self._released.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what some tests are about."""


def _handler_for(desk: DeskServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            return None

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
            headers = {key.lower(): value for key, value in self.headers.items()}
            reply = desk.answer(Seen(self.command, parts.path, query, headers, json.loads(raw) if raw else None))
            if reply.hang:
                desk.hold()
            if reply.drop or reply.hang:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._write(reply)

        def _write(self, reply: Reply) -> None:
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            self.send_header("content-type", reply.content_type)
            self.send_header("content-length", str(len(body) + 100 * reply.cut))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = self.close_connection or reply.cut

        do_GET = do_PUT = do_POST = do_DELETE = _serve

    return Handler


def ticket_row(number: int, **fields: Any) -> dict[str, Any]:
    """A ticket in Zendesk's words; the higher its number the newer."""
    moment = f"2026-03-02T{number // 60 % 24:02}:{number % 60:02}:00Z"
    row = {
        "id": number,
        "url": f"https://acme.zendesk.com/api/v2/tickets/{number}.json",
        "subject": f"Can't connect {number}",
        "status": "open",
        "priority": None,
        "created_at": moment,
        "updated_at": moment,
        "tags": [],
        "requester_id": 7,
        "problem_id": None,
    }
    return row | fields


def search_page(rows: list[dict[str, Any]], *, count: int | None = None, next_page: str | None = None) -> Reply:
    results = [{"result_type": "ticket", **row} for row in rows]
    return Reply({"results": results, "count": len(rows) if count is None else count, "next_page": next_page})
