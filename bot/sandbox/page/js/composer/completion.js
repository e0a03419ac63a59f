// The list above a composer that completes the word before the caret. Arrow keys choose, Enter and Tab take, Esc closes.

import { h, show } from "../dom.js";
import { avatar } from "../parts/avatar.js";
import { icon } from "../parts/icons.js";
import { emoji } from "../text/emoji.js";
import { suggestions, usageOf } from "./suggestions.js";
import { replaceRange } from "./textarea.js";

const TITLES = { command: "Commands and shortcuts", person: "People and groups", channel: "Channels", emoji: "Emoji" };
let lists = 0;

export class Completion {
  constructor(input, { commands, prefix, runShortcut }) {
    this.id = `completion-${(lists += 1)}`;
    Object.assign(this, { input, commands, runShortcut, found: null, at: 0, closedAt: null });
    this.list = h("div", { class: "completion-list", role: "listbox", id: this.id, "aria-label": "Suggestions" });
    this.title = h("div", { class: "completion-title" });
    this.node = h("div", { class: "completion", hidden: true, "data-testid": `${prefix}completion` }, this.title, this.list);
    this.usage = h("div", { class: "usage", hidden: true, "data-testid": `${prefix}usage-hint` });
    for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-controls": this.id })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.update());
    input.addEventListener("click", () => this.update());
    input.addEventListener("blur", () => this.close());
  }

  get open() {
    return this.found !== null;
  }

  update() {
    const { value, selectionStart } = this.input;
    this.found = value.slice(0, selectionStart) === this.closedAt ? null : suggestions(value, selectionStart, { commands: this.commands });
    if (this.found) this.closedAt = null;
    this.at = 0;
    this.paint();
    this.paintUsage(value);
  }

  close() {
    this.found = null;
    this.paint();
  }

  paint() {
    this.node.hidden = !this.found;
    if (!this.found) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    show(this.title, TITLES[this.found.kind]);
    show(this.list, this.found.items.map((item, at) => this.row(item, at)));
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
  }

  paintUsage(value) {
    const command = this.commands ? usageOf(value) : null;
    this.usage.hidden = !command;
    if (command) show(this.usage, h("strong", {}, command.command), ` ${command.usage_hint ?? ""}`, h("span", { class: "usage-note" }, command.description));
  }

  row(item, at) {
    const take = (event) => {
      event.preventDefault();
      this.take(item);
    };
    const attributes = {
      class: "completion-row", role: "option", id: `${this.id}-${at}`, "aria-selected": String(at === this.at),
      "data-testid": "completion-option", "data-insert": item.insert?.trim(), onpointerdown: take,
    };
    return h("div", attributes, this.face(item),
      h("span", { class: "completion-text" },
        h("span", { class: "completion-name" }, item.title, item.hint ? h("span", { class: "completion-hint" }, ` ${item.hint}`) : null),
        item.note ? h("span", { class: "completion-note" }, item.note) : null),
      item.from ? h("span", { class: "completion-from" }, item.from) : null);
  }

  face(item) {
    if (item.id) return avatar(item.id, 24);
    if (item.emoji) return h("span", { class: "completion-face" }, emoji(item.emoji));
    const name = item.shortcut ? "bolt" : { command: "slash", channel: "hash" }[this.found.kind] ?? "mention";
    return h("span", { class: "completion-face" }, icon(name, 16));
  }

  take(item) {
    const { from, to } = this.found;
    this.close();
    if (item.shortcut) {
      replaceRange(this.input, from, to, "");
      this.runShortcut(item.shortcut);
    } else {
      replaceRange(this.input, from, to, item.insert);
    }
  }

  /** True when the key was meant for the list. A word that is already complete lets Enter through to send. */
  key(event) {
    if (!this.found) return false;
    const { items } = this.found;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + items.length) % items.length;
      this.paint();
      return true;
    }
    if (event.key === "Escape") {
      this.closedAt = this.input.value.slice(0, this.input.selectionStart);
      this.close();
      return true;
    }
    if (event.key === "Enter" && (event.shiftKey || items[this.at].exact)) return false;
    if (event.key !== "Enter" && event.key !== "Tab") return false;
    this.take(items[this.at]);
    return true;
  }
}
