"""The page probe with a real Chromium: what it shows, and what the page in it can't reach."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from tempfile import gettempdir

import pytest
from PIL import Image

from bot.clock import system_clock
from bot.errors import BadInput
from bot.probes.model import ProbeResult, Subject
from bot.probes.page.chromium import chromium, lesser_account, program_at
from bot.probes.page.look import HEIGHT, SCALE, WIDTH
from bot.probes.page.probe import PageProbe
from bot.probes.policy import ProbePolicy
from bot.probes.web.tls import verifying
from bot.probes.wording import long
from tests.eventually import eventually
from tests.needs import needs_chromium
from tests.probes.listeners import Authority, answering, closed_port, listening, silent

ENOUGH_S = 60.0
"""A deadline that even a machine that does much else keeps; where a test is about the deadline, it has its own."""
SHOWN = "<!doctype html><title>Harbor</title><body style='background:#2F8F5B;margin:0'><h1>Welcome</h1>"


def html(body: str, status: str = "200 OK", headers: str = "") -> bytes:
    """An answer with `body`; "{port}" in it becomes the server's own."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{headers}Connection: close\r\n\r\n"
    return (head + body).encode()


def redirect(to: str) -> bytes:
    return html("", "302 Found", f"Location: {to}\r\n")


async def everywhere_here(host: str) -> Sequence[str]:
    """All names are this machine, but those that say that they are not."""
    return {"inside.example": ["10.11.12.13"], "gone.example": []}.get(host, ["127.0.0.1"])


def probe(
    *, program: str = "", deadline_s: float = ENOUGH_S, start_s: float = ENOUGH_S, bytes_max: int = 30_000_000
) -> PageProbe:
    """With 127.0.0.1 alone allowed: 127.0.0.2 is as forbidden as any private address."""
    policy = ProbePolicy(allow_networks=["127.0.0.1/32"], resolve=everywhere_here)
    return PageProbe(
        policy=policy,
        clock=system_clock,
        program=program,
        deadline_s=deadline_s,
        start_s=start_s,
        bytes_max=bytes_max,
    )


async def shown(url: str, *, deadline_s: float = ENOUGH_S, bytes_max: int = 30_000_000) -> ProbeResult:
    page = probe(program=needs_chromium(), deadline_s=deadline_s, bytes_max=bytes_max)
    return await page.run(Subject("Website", urls=(url,)), progress=lambda _result: None)


def opened(result: ProbeResult) -> Image.Image:
    assert result.picture
    return Image.open(BytesIO(result.picture.png)).convert("RGB")


@asynccontextmanager
async def forbidden() -> AsyncIterator[tuple[int, list[object]]]:
    """A listener where nothing may ever arrive, by TCP or UDP; gives its port and what arrived."""
    arrived: list[object] = []

    async def note(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.append(writer.get_extra_info("peername"))
        writer.close()

    class Datagrams(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, _addr: object) -> None:
            arrived.append(data)

    server = await asyncio.start_server(note, "127.0.0.2", 0)
    port: int = server.sockets[0].getsockname()[1]
    datagrams, _ = await asyncio.get_running_loop().create_datagram_endpoint(Datagrams, ("127.0.0.2", port))
    try:
        yield port, arrived
    finally:
        datagrams.close()
        server.close()


@pytest.mark.browser
class TestInChromium:
    """One after the other: each starts a browser."""

    async def test_a_page_is_shown_with_status_title_and_picture(self) -> None:
        """The picture is as wide as a phone, at twice its pixels, and holds what the page shows."""
        async with listening(answering(html(SHOWN))) as port:
            result = await shown(f"http://www.example.com:{port}/")

        row, image = result.readings[0], opened(result)
        assert result.ok, long(result.verdict)
        assert (row.numbers.status, row.cells[2]) == (200, "Harbor")
        assert long(result.verdict).startswith(f'http://www.example.com:{port}/ shows "Harbor" (200) after ')
        assert image.size == (WIDTH * SCALE, HEIGHT * SCALE)
        assert image.getpixel((400, 1400)) == (0x2F, 0x8F, 0x5B)
        assert result.picture and "Harbor" in result.picture.alt

    async def test_a_bad_status_is_bad_and_shown(self) -> None:
        """What customers see is worth a picture then most of all."""
        async with listening(answering(html("<title>Sorry</title>down", "503 Service Unavailable"))) as port:
            result = await shown(f"http://www.example.com:{port}/")

        assert not result.ok and result.picture
        assert result.readings[0].reason == "status 503 Service Unavailable"

    async def test_redirects_are_followed_and_named(self) -> None:
        """Those of the server and those of scripts."""
        script = html("<script>location = '/end'</script>")
        async with listening(answering(redirect("/middle"), script, html(SHOWN))) as port:
            result = await shown(f"http://www.example.com:{port}/")

        assert result.ok
        assert result.readings[0].reason == f"redirected to http://www.example.com:{port}/end"

    async def test_a_redirect_to_a_forbidden_address_is_not_followed(self) -> None:
        """The listener there sees no connection, and the reason is said."""
        async with forbidden() as (away, arrived), listening(answering(redirect(f"http://127.0.0.2:{away}/"))) as port:
            result = await shown(f"http://www.example.com:{port}/")

        assert arrived == []
        assert not result.ok and result.picture is None
        assert result.readings[0].reason.startswith("redirects to 127.0.0.2, which is a loopback address: ")

    async def test_nothing_in_a_page_reaches_a_forbidden_address(self) -> None:
        """Pictures, scripts, frames, sockets, WebRTC, QUIC, hints; by address and by any other way to write it."""
        async with forbidden() as (away, arrived), listening(answering(html(SHOWN + intruder(away)))) as port:
            result = await shown(f"http://www.example.com:{port}/")

        assert arrived == []
        assert result.ok, long(result.verdict)
        assert "127.0.0.2 (" in result.readings[0].cells[4]
        assert "inside.example (" in result.readings[0].cells[4]
        assert "inside.example (a private address)" in long(result.verdict)

    async def test_the_browser_asks_for_nothing_else(self) -> None:
        """No update, no metrics, no other host."""
        async with listening(answering(html(SHOWN))) as port:
            result = await shown(f"http://www.example.com:{port}/")

        assert result.readings[0].cells[4] == "-"

    async def test_a_page_that_never_ends_is_shown_as_far_as_it_came(self) -> None:
        """One of its parts never arrives."""

        async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET / "):
                writer.write(html(SHOWN + "<img src=/never>"))
                await writer.drain()
                writer.close()
                await writer.wait_closed()
            else:
                await reader.read()

        async with listening(endless) as port:
            result = await shown(f"http://www.example.com:{port}/", deadline_s=10.0)

        assert not result.ok
        assert result.readings[0].reason == "still loading when its picture was due"
        assert opened(result).getpixel((400, 1400)) == (0x2F, 0x8F, 0x5B)
        assert result.duration_s < ENOUGH_S

    @pytest.mark.parametrize(
        ("script", "reason"), [("while (true) {}", "nothing to show in time"), ("alert('stop'); confirm('?')", "")]
    )
    async def test_scripts_hold_nobody_up(self, script: str, reason: str) -> None:
        """A loop without end is cut off at the deadline, and a dialog is dismissed."""
        async with listening(answering(html(f"{SHOWN}<script>{script}</script>"))) as port:
            result = await shown(f"http://www.example.com:{port}/", deadline_s=10.0)

        assert result.readings[0].reason == reason
        assert result.duration_s < ENOUGH_S

    async def test_a_silent_server_has_no_picture(self) -> None:
        """There is nothing to see."""
        async with listening(silent) as port:
            result = await shown(f"http://www.example.com:{port}/", deadline_s=4.0)

        assert result.readings[0].reason == "no answer in time" and result.picture is None

    async def test_failures_are_named_as_the_other_probes_name_them(self, tmp_path: Path) -> None:
        """Refused, no such name, unknown CA."""
        async with listening(answering(html(SHOWN)), Authority(tmp_path).server("www.example.com")) as port:
            untrusted = await shown(f"https://www.example.com:{port}/")
        refused = await shown(f"http://www.example.com:{closed_port()}/")
        gone = await shown("http://gone.example/")

        reasons = [result.readings[0].reason for result in (untrusted, refused, gone)]
        assert reasons == ["TLS: unknown CA", "connection refused", "DNS: the name has no address"]

    async def test_a_certificate_of_an_authority_in_the_settings_is_good(self, tmp_path: Path) -> None:
        """Chromium does not know it; our own handshake does. A wrong name stays wrong."""
        program, authority = needs_chromium(), Authority(tmp_path)
        page = PageProbe(
            policy=ProbePolicy(allow_networks=["127.0.0.1/32"], resolve=everywhere_here),
            clock=system_clock,
            program=program,
            tls=verifying(str(authority.file)),
            deadline_s=ENOUGH_S,
        )
        async with listening(answering(html(SHOWN)), authority.server("www.example.com")) as port:
            urls = [f"https://{name}:{port}/" for name in ("www.example.com", "other.example.com")]
            right, wrong = [await page.run(Subject("x", urls=(url,)), progress=lambda _result: None) for url in urls]

        assert right.ok, long(right.verdict)
        assert wrong.readings[0].reason.startswith("TLS: ")

    async def test_a_file_is_no_page(self) -> None:
        """Nothing is downloaded."""
        as_file = html("x", headers="Content-Disposition: attachment\r\n")
        async with listening(answering(as_file)) as port:
            result = await shown(f"http://www.example.com:{port}/")

        assert result.readings[0].reason == "it is no page but a file, or empty"

    async def test_a_page_that_takes_too_much_is_cut_off(self) -> None:
        """Bytes have a bound."""
        heavy = html(SHOWN + "<!--" + "x" * 3_000_000 + "-->")
        async with listening(answering(heavy)) as port:
            result = await shown(f"http://www.example.com:{port}/", bytes_max=1_000_000)

        assert "the page takes more than 1 MB" in result.readings[0].reason

    async def test_a_large_picture_is_made_smaller(self) -> None:
        """Noise as a photograph has it, in a script's canvas."""
        noise = """<canvas width=412 height=732></canvas><script>
            const c = document.querySelector('canvas').getContext('2d'), d = c.createImageData(412, 732)
            for (let i = 0; i < d.data.length; i++) d.data[i] = i % 4 == 3 ? 255 : Math.random() * 256
            c.putImageData(d, 0, 0)</script>"""
        async with listening(answering(html(SHOWN + noise))) as port:
            result = await shown(f"http://www.example.com:{port}/")

        assert result.picture and len(result.picture.png) < 1_500_000

    async def test_no_process_and_no_profile_is_left(self) -> None:
        """Also where the run is cancelled in the middle."""
        async with listening(silent) as port:
            task = asyncio.ensure_future(shown(f"http://www.example.com:{port}/"))
            await eventually(lambda: bool(browsers()), within_s=ENOUGH_S)
            profiles = {each.rpartition("=")[2] for each in browsers()}
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        await eventually(lambda: not browsers(), within_s=ENOUGH_S)
        assert profiles and not any(os.path.exists(each) for each in profiles)  # noqa: PTH110

    async def test_a_browser_of_root_runs_as_nobody_and_without_the_bots_environment(self) -> None:
        """A page that breaks out of the browser finds neither tokens nor root; what Debian's script adds is its own."""
        async with chromium(needs_chromium(), sandboxed=True) as running:
            status = Path(f"/proc/{running.process.pid}/status").read_text()
            environ = Path(f"/proc/{running.process.pid}/environ").read_bytes()

        uid = next(line.split()[1] for line in status.splitlines() if line.startswith("Uid:"))
        assert int(uid) == (lesser_account() or (os.geteuid(), 0))[0] != 0
        names = {each.partition(b"=")[0] for each in environ.split(b"\0")}
        assert b"PYTEST_CURRENT_TEST" in os.environb and names & set(os.environb) <= {
            *(b"PATH", b"HOME", b"TMPDIR", b"LANG", b"PWD", b"OLDPWD", b"SHLVL", b"_")
        }

    async def test_one_browser_at_a_time(self) -> None:
        """Two people ask at once; the second waits."""
        needs_chromium()
        one, most = probe(), 0
        async with listening(answering(html(SHOWN))) as port:
            subject = Subject("Website", urls=(f"http://www.example.com:{port}/",))
            runs = [asyncio.ensure_future(one.run(subject, progress=lambda _result: None)) for _ in range(2)]

            def done() -> bool:
                nonlocal most
                most = max(most, len(set(browsers())))
                return all(run.done() for run in runs)

            await eventually(done, within_s=2 * ENOUGH_S)

        assert [run.result().ok for run in runs] == [True, True] and most == 1


def intruder(port: int) -> str:
    """A page that tries to reach a port of 127.0.0.2 in every way that a browser has."""
    return f"""
    <link rel=dns-prefetch href=//127.0.0.2:{port}><link rel=preconnect href=http://127.0.0.2:{port}>
    <link rel=prefetch href=http://127.0.0.2:{port}/p><img src=http://127.0.0.2:{port}/i>
    <img src=http://2130706434:{port}/decimal><img src=http://0177.0.0.2:{port}/octal><img src=http://127.2:{port}/short>
    <img src=http://[::ffff:127.0.0.2]:{port}/mapped><img src=http://inside.example:{port}/name>
    <img src=https://127.0.0.2:{port}/tls><script src=http://127.0.0.2:{port}/s></script>
    <iframe src=http://127.0.0.2:{port}/f></iframe><object data=http://127.0.0.2:{port}/o></object>
    <script>
      const soon = work => {{ try {{ work() }} catch (error) {{ console.log(error) }} }}
      soon(() => fetch('http://127.0.0.2:{port}/fetch', {{mode: 'no-cors'}}).catch(() => 0))
      soon(() => navigator.sendBeacon('http://127.0.0.2:{port}/beacon', 'x'))
      soon(() => new WebSocket('ws://127.0.0.2:{port}/'))
      soon(() => new EventSource('http://127.0.0.2:{port}/events'))
      soon(() => new WebTransport('https://127.0.0.2:{port}/').ready.catch(() => 0))
      soon(() => {{
        const servers = [{{urls: 'stun:127.0.0.2:{port}'}},
          {{urls: 'turn:127.0.0.2:{port}?transport=tcp', username: 'a', credential: 'b'}}]
        const peer = new RTCPeerConnection({{iceServers: servers}})
        peer.createDataChannel('x')
        peer.createOffer().then(offer => peer.setLocalDescription(offer))
      }})
      soon(() => open('http://127.0.0.2:{port}/window'))
    </script>"""


def browsers() -> list[str]:
    """The --user-data-dir of every browser process that this very process has started."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().decode(errors="replace").replace("\0", " ").split()
            status = (entry.parent / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own = [word for word in words if word.startswith("--user-data-dir=") and "secondline-page-" in word]
        if own and status[0] != "Z" and int(status[1]) == os.getpid():
            found.append(own[0])
    return found


async def test_a_forbidden_url_is_refused_before_a_browser_starts() -> None:
    """As by every other probe."""
    result = await probe(program="/bin/false").run(
        Subject("x", urls=("http://inside.example/",)), progress=lambda _result: None
    )

    assert not result.measured and "inside.example has no public address" in long(result.verdict)


@pytest.mark.parametrize(("program", "verdict"), [("/no/such/browser", "not installed here"), ("off", "switched off")])
async def test_without_chromium_the_result_says_how_to_mend_it(program: str, verdict: str) -> None:
    """A remedy, no crash."""
    subject = Subject("x", urls=("http://www.example.com/",))
    result = await probe(program=program).run(subject, progress=lambda _result: None)

    assert not result.measured and verdict in long(result.verdict)
    assert "apt install chromium" in result.remedy and "probes.chromium" in result.remedy


async def test_a_program_that_is_no_browser_is_a_result() -> None:
    """It ends at once."""
    subject = Subject("x", urls=("http://www.example.com/",))
    result = await probe(program="/bin/false").run(subject, progress=lambda _result: None)

    assert (result.measured, long(result.verdict)) == (False, "Chromium did not work: the browser ended")


async def test_a_browser_that_does_not_start_says_nothing_of_the_page(tmp_path: Path) -> None:
    """A busy machine is no trouble of a website."""
    result = await probe(program=_stand_in(tmp_path, "exec cat >/dev/null <&3"), deadline_s=0.1, start_s=0.1).run(
        Subject("x", urls=("http://www.example.com/",)), progress=lambda _result: None
    )

    said = "Chromium did not work: it did not start within 0.1 s"
    assert (result.measured, long(result.verdict)) == (False, said)


def _stand_in(folder: Path, script: str) -> str:
    """A program in the place of Chromium, that the browser's account may run."""
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    for each in (folder, *takewhile(lambda parent: parent != Path(gettempdir()), folder.parents)):
        each.chmod(0o755)
    return str(program)


async def test_a_sandbox_that_can_not_be_used_is_named_where_no_other_account_protects_the_bot(tmp_path: Path) -> None:
    """As root the browser is nobody, and is tried without its sandbox; else the remedy is shown."""
    stand_in = _stand_in(tmp_path, 'echo "FATAL: No usable sandbox!" >&2\nexit 1')
    subject = Subject("x", urls=("http://www.example.com/",))
    result = await probe(program=stand_in).run(subject, progress=lambda _result: None)

    assert not result.measured
    expected = "the browser ended" if lesser_account() else "Chromium's sandbox can't be used here"
    assert long(result.verdict) == f"Chromium did not work: {expected}"
    assert ("user namespaces" in result.remedy) is not bool(lesser_account())


async def test_a_subject_without_a_url_is_bad_input() -> None:
    """An address has no page."""
    with pytest.raises(BadInput, match="no URL"):
        await probe().run(Subject("x", addresses=("127.0.0.1",)), progress=lambda _result: None)


def test_the_program_is_looked_for_or_given() -> None:
    """ "off" is none, and a path that does not exist neither."""
    assert (program_at("off"), program_at("/no/such")) == ("", "")
    assert program_at("/bin/sh") == "/bin/sh"
