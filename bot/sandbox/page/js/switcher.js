// The field at the top: jump to a channel, a person's messages or the bot's Home. Ctrl+K or ⌘K.

import { h, show } from "./dom.js";
import { avatar } from "./parts/avatar.js";
import { icon } from "./parts/icons.js";
import { go } from "./route.js";
import { channelLabel, state } from "./state.js";

const MOST = 8;

export class Switcher {
  constructor() {
    this.at = 0;
    this.input = h("input", {
      class: "jump-input", type: "search", placeholder: "Jump to a channel or person", role: "combobox", "aria-label": "Jump to a channel or person",
      "aria-controls": "jump-list", "aria-expanded": "false", autocomplete: "off", "data-testid": "jump",
    });
    this.list = h("div", { class: "jump-list", id: "jump-list", role: "listbox", hidden: true });
    this.node = h("div", { class: "jump" }, icon("search", 16), this.input, h("kbd", {}, "Ctrl K"), this.list);
    this.input.addEventListener("input", () => this.paint(0));
    this.input.addEventListener("focus", () => this.paint(0));
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.input.focus();
    });
  }

  matches() {
    const wanted = this.input.value.trim().toLowerCase().replace(/^[#@]/, "");
    return state.channels.filter((each) => channelLabel(each).toLowerCase().includes(wanted)).slice(0, MOST);
  }

  paint(at) {
    const found = this.matches();
    this.at = found.length ? (at + found.length) % found.length : 0;
    show(this.list, found.length ? found.map((each, index) => this.row(each, index)) : h("p", { class: "empty-note" }, "Nothing fits"));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  row(each, index) {
    const take = (event) => {
      event.preventDefault();
      this.take(each);
    };
    const face = each.is_im ? avatar(each.user, 20) : icon(each.is_private ? "lock" : "hash", 16);
    return h("div", { class: "jump-row", role: "option", "aria-selected": String(index === this.at), onpointerdown: take }, face, channelLabel(each));
  }

  key(event) {
    if (event.key === "Escape") this.input.blur();
    if (event.key === "ArrowDown") this.paint(this.at + 1);
    if (event.key === "ArrowUp") this.paint(this.at - 1);
    if (event.key === "Enter") this.take(this.matches()[this.at]);
    if (event.key.startsWith("Arrow")) event.preventDefault();
  }

  take(each) {
    if (!each) return;
    this.input.value = "";
    this.input.blur();
    go({ as: state.me, channel: each.id });
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}
