"""What an app runs on, and the words for it. Pure."""

from typing import Final

from bot.reading.word_lists import listed

PLATFORMS: Final = {
    "ios": "ios, iphone*, ipad, ipads, ipados, apple phone, ios app, iphone app, app store, testflight",
    "android": """
        android, android phone, play store, google play, google pixel, pixel #, samsung galaxy, samsung phone
        galaxy s#, galaxy a#, galaxy z#, galaxy #, galaxy note#, redmi note #, galaxy fold
        xiaomi, redmi, oneplus, apk, chromebook*, chrome os, chromeos, huawei, motorola, oppo, grapheneos, lineageos
        galaxy tab, galaxy s, f droid, fdroid
        samsung s#, samsung a#, galaxy note, samsung handy, nexus #
    """,
    "windows": """
        windows, win #, win10, win11, win7, win8, w10, w11, windows pc, surface pro, surface laptop, win 10
        win 11, windows explorer, file explorer, explorer, taskbar, taskleiste, device manager, gerate manager
        control panel, systemsteuerung, regedit, powershell
    """,
    "macos": """
        macos, mac os, mac, macs, macbook*, imac, os x, osx, mac mini, mac studio, monterey, ventura, sonoma, sequoia
        big sur, tahoe, apple silicon, m1, m2, m3, m4, mac finder, in finder, the finder, im finder
    """,
    "linux": """
        linux, ubuntu, debian, fedora, arch linux, archlinux, linux mint, manjaro, opensuse, centos, rhel, pop os
        kubuntu, raspberry pi, raspbian, kali, gentoo, nixos
        networkmanager, network manager, systemd, deb package, flatpak, snap package, steam deck, steamos, wsl
    """,
    "router": """
        router app, router firmware, router client, openwrt, open wrt, dd wrt, ddwrt, asuswrt, asus merlin
        merlin firmware, opnsense, pfsense, vpn on my router, vpn on router, vpn on the router, vpn router
        on my router, on the router, auf dem router, auf meinem router, sur mon routeur, sur le routeur, en mi router
        en el router, no meu roteador, no roteador, sul router, sul mio router, op mijn router, op de router
        na routerze, glinet, gl inet, fritzbox, fritz box, mikrotik, edgerouter, unifi, flashrouter, tomato firmware
        su mio router, mi router asus, router asus
    """,
    "tv": """
        smart tv, android tv, androidtv, google tv, apple tv, appletv, tvos, fire tv, firetv, firestick, fire stick
        fire tv stick, fire tv cube, chromecast, roku, samsung tv, lg tv, nvidia shield, shield tv, fernseher
        smarttv, bravia
        mi box, tv box, androidtv, televisor, televisore, televisie, telewizor
    """,
    "console": "xbox, playstation, ps4, ps5, nintendo switch",
}
"""By key; words that mean several of them ("phone", "laptop") are none."""

BROWSERS: Final = {
    "chrome": "google chrome, chrome browser, chrome extension, chromium, chrome",
    "firefox": "firefox",
    "safari": "safari",
    "edge": "microsoft edge, ms edge, edge browser, edge extension",
    "opera": "opera browser",
}

SEVERAL: Final = {
    "ios android": "mobile app, mobile apps, mobile device*, smartphone*, phones, mobile phone*, handys, telefone",
    "windows macos linux": "desktop, desktop app, desktop client, laptop, laptops, computer, computers, rechner",
    "ios macos": "apple devices, apple device",
    "tv": "tv, tvs",
    "tv android": "android tv",
}
"""Words that mean several of them, by their keys; they say no single one."""

IDLE: Final = listed(
    """
    mac address*, cisco ios, maintenance windows, time windows, popup windows, pop up windows, open windows
    all windows, two windows, several windows, browser windows, windows open, other windows
    multiple windows, new windows, maintenance window, tap windows, tap windows adapter, big mac, chrome cast
    windows firewall*, windows defender, router restart, restart ~ router, reboot ~ router, restarted ~ router
    rebooted ~ router, reset ~ router, ios ish
    router neu gestartet, redemarre ~ routeur, reinici* ~ router, reiniciei ~ roteador, riavviat* ~ router
    router herstart, zrestartowal* router
    """
)
"""Names in another sense."""


def platform_phrases() -> dict[tuple[str, str], tuple[str, ...]]:
    found = {("platform", key): listed(text) for key, text in PLATFORMS.items()}
    found |= {("browser", key): listed(text) for key, text in BROWSERS.items()}
    found |= {("platforms", keys): listed(text) for keys, text in SEVERAL.items()}
    return {**found, ("platform", ""): IDLE}
