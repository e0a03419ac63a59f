// What happens outside Slack: the menu of the world, and what the sandbox says of it.

import { reason } from "./api.js";
import { h } from "./dom.js";
import { setNow } from "./clock.js";
import { notice } from "./parts/dialog.js";
import { icon } from "./parts/icons.js";
import { openMenu } from "./parts/popover.js";

const ROOT = "/world/";
/** An hour may take the bot some seconds to follow. */
const HAPPENS_MS = 60_000;

async function ask(path, options, ms = 5000) {
  try {
    const response = await fetch(ROOT + path, { cache: "no-store", signal: AbortSignal.timeout(ms), ...options });
    return await response.json();
  } catch {
    return { ok: false, error: reason("no_connection") };
  }
}

export class World {
  /** `onRead` is called with the steps of the morning whenever they were read; `more` gives further items of the menu. */
  constructor({ onRead, more }) {
    Object.assign(this, { onRead, more, groups: [], busy: false });
    this.button = h("button", {
      type: "button", class: "world", hidden: true, "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": "world", onclick: () => this.open(),
    }, icon("globe", 16), "World");
  }

  async read() {
    const answer = await ask("");
    if (!answer.ok) return;
    this.groups = answer.groups;
    this.button.hidden = !this.groups.length;
    setNow(answer.now);
    this.onRead(answer.steps);
  }

  /** What can happen changes with the world, so it is read anew each time. */
  async open() {
    await this.read();
    const items = this.groups.flatMap(({ title, acts }) => [{ heading: title }, ...acts.map((act) => this.item(act))]);
    openMenu(this.button, [...items, ...this.more()], { label: "World: what happens outside Slack", wide: true });
  }

  item({ key, label, note }) {
    return { label, about: note, testid: `world-${key}`, run: () => this.letHappen(key) };
  }

  async letHappen(key) {
    if (this.busy) return;
    this.busy = true;
    this.button.classList.add("busy");
    this.button.setAttribute("aria-busy", "true");
    const answer = await ask(key, { method: "POST" }, HAPPENS_MS);
    this.busy = false;
    this.button.classList.remove("busy");
    this.button.setAttribute("aria-busy", "false");
    notice(answer.ok ? answer.happened : answer.error);
    await this.read();
  }
}
