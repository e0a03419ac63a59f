"""Which system a log was written on, by what its lines say. Pure."""

from collections import Counter
from collections.abc import Mapping

from bot.customer_logs.reading.scanning import captured

NAMES = {
    "windows": "Windows",
    "macos": "macOS",
    "linux": "Linux",
    "android": "Android",
    "ios": "iOS",
    "router": "a router",
}
FIRST_BUILD_OF_11 = 22_000
SIGNS: Mapping[str, tuple[str, ...]] = {
    "windows": (
        r"(?i)\bWindows (?:version |NT )?10\.0\.(?P<build>\d{5})\b",
        r"(?i)\bWindows (?:version |NT )?(?P<version>1[01]|8\.1|[78]|Server 20\d\d)(?:[^.\d ]|\.?$| (?:$|[^o]|o[^r]))",
        r"IV_PLAT=win|OpenVPN core \S+ win\b|Windows-MSVC|\bWindows version \d",
        r"(?i)[A-Z]:\\+(?:Windows|Program Files|Users|ProgramData)\b",
        r"OpenVPN \S+ \[?(?:x86_64-w64|i686-w64|Windows)",
        r"tap-?windows|wintun|ovpn-dco-win|RasClient",
    ),
    "macos": (
        r"\b(?:macOS|Mac OS X|OS X) (?:Version )?(?P<version>\d+(?:\.\d+){0,2})",
        r"IV_PLAT=mac|OpenVPN core \S+ mac\b",
        r"\bDarwin (?:Kernel )?(?:Version )?\d",
        r"apple-darwin|/Library/(?:Application Support|Frameworks)/",
    ),
    "ios": (
        r"\b(?:iOS|iPadOS|iPhone OS) (?:Version )?(?P<version>\d+(?:\.\d+){0,2})",
        r"IV_PLAT=ios|OpenVPN core \S+ ios\b",
        r"\biPhone\d{1,2},\d\b|\biPad\d{1,2},\d{1,2}\b",
        r"per-process-limit|exceeded mem limit: ActiveHard",
    ),
    "android": (
        r"(?i)\bAndroid (?:version |OS )?(?P<version>\d{1,2}(?:\.\d){0,2})\b",
        r"IV_PLAT=android|OpenVPN core \S+ android\b",
        r"android\.(?:net|os|app)\.|linux-android|ConnectivityService|AndroidRuntime",
        r"^\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} +\d+ +\d+ [VDIWEF] ",
    ),
    "linux": (
        r"\b(?:Ubuntu|Debian GNU/Linux|Debian|Fedora(?: Linux)?|Linux Mint) (?P<version>\d+(?:\.\d+)?)",
        r"\bLinux version \d|\bkernel: |IV_PLAT=linux|OpenVPN core \S+ linux\b|-linux-(?:gnu|musl)\b",
        r"unknown-linux|systemd\[1\]:|NetworkManager\[\d+\]:",
    ),
    "router": (r"(?i)openwrt|dd-wrt|\bmiui-router|asuswrt|pfsense|opnsense|mikrotik|\brouterOS\b",),
}


def system_of(lines: Mapping[str, list[str]], counts: Counter[str]) -> tuple[str, str]:
    """The system with the most signs, and its name with version ("windows", "Windows 11"); "" where none is told."""
    known = [(counts[key] + 5 * bool(_version(key, lines.get(key, []))), key) for key in SIGNS if counts[key]]
    if not known:
        return "", ""
    _, key = max(known)
    return key, f"{NAMES[key]} {_version(key, lines.get(key, []))}".strip()


def _version(key: str, lines: list[str]) -> str:
    told = (captured(SIGNS[key][:2], line) for line in lines)
    versions = (each.get("version") or _of_build(each.get("build", "")) for each in told)
    return next(filter(None, versions), "")


def _of_build(build: str) -> str:
    """Windows 11 calls itself 10.0, with a higher number behind."""
    return ("11" if int(build) >= FIRST_BUILD_OF_11 else "10") if build else ""
