"""What a page looks like in a browser: headless Chromium behind a proxy of our own that holds the address policy."""
