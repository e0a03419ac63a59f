// Where a person writes: Enter sends, Shift+Enter makes a line. A draft is kept for each channel and thread.

import { reason, tell } from "../api.js";
import { h, show } from "../dom.js";
import { icon } from "../parts/icons.js";
import { openMenu } from "../parts/popover.js";
import { notice } from "../parts/dialog.js";
import { pickEmoji } from "../reactions.js";
import { draftKey, state } from "../state.js";
import { Attachments, uploaded } from "./attachments.js";
import { Completion } from "./completion.js";
import { grow, prefixLines, replaceRange, wrapSelection } from "./textarea.js";

export class Composer {
  constructor({ scope, editLast, onSent }) {
    Object.assign(this, { scope, editLast, onSent, channel: null, thread: null, sending: Promise.resolve() });
    const prefix = scope === "thread" ? "thread-" : "";
    this.input = h("textarea", {
      class: "composer-input", rows: 1, "aria-label": "Message", "data-testid": `${prefix}composer-input`, autocomplete: "off",
    });
    this.completion = new Completion(this.input, { commands: true, prefix, runShortcut: (each) => this.shortcut(each) });
    this.attachments = new Attachments({ prefix, onChange: () => this.typed() });
    this.also = h("input", { type: "checkbox", "data-testid": "broadcast" });
    this.alsoLabel = h("label", { class: "also" });
    this.problem = h("div", { class: "composer-problem", role: "alert", hidden: true, "data-testid": `${prefix}composer-problem` });
    this.sendButton = h("button", {
      type: "button", class: "send", "aria-label": "Send", title: "Send", "data-testid": `${prefix}composer-send`, onclick: () => this.send(),
    }, icon("send", 18));
    this.node = h("div", { class: "composer-holder", "data-testid": `${prefix}composer` },
      this.completion.node, this.problem, this.completion.usage,
      h("div", { class: "composer" }, this.formatBar(), this.input, this.attachments.node, scope === "thread" ? this.alsoLabel : null, this.foot()));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("paste", (event) => this.pasted(event));
  }

  formatBar() {
    const tool = (name, label, run) => h("button", {
      type: "button", class: "tool", title: label, "aria-label": label, onpointerdown: (event) => event.preventDefault(), onclick: run,
    }, icon(name, 16));
    const wrap = (name, label, mark) => tool(name, label, () => wrapSelection(this.input, mark));
    return h("div", { class: "format-bar", role: "toolbar", "aria-label": "Formatting" },
      wrap("bold", "Bold", "*"), wrap("italic", "Italic", "_"), wrap("strike", "Strikethrough", "~"), h("span", { class: "tool-line" }),
      tool("list", "Bulleted list", () => prefixLines(this.input, "• ")), tool("quote", "Quote", () => prefixLines(this.input, "> ")),
      h("span", { class: "tool-line" }), wrap("code", "Code", "`"));
  }

  foot() {
    const tool = (name, label, testid, run) => h("button", { type: "button", class: "tool", title: label, "aria-label": label, "data-testid": testid, onclick: run }, icon(name, 18));
    const insert = (text) => () => replaceRange(this.input, this.input.selectionStart, this.input.selectionEnd, this.spaced(text));
    return h("div", { class: "composer-foot" },
      tool("plus", "Commands and shortcuts", "composer-plus", (event) => this.plus(event.currentTarget)),
      tool("clip", "Attach files", `${this.scope === "thread" ? "thread-" : ""}attach`, () => this.attachments.choose()),
      tool("emoji", "Emoji", null, (event) => pickEmoji(event.currentTarget, (name) => insert(`:${name}: `)())),
      tool("mention", "Mention somebody", null, insert("@")),
      h("span", { class: "spring" }), this.sendButton);
  }

  spaced(text) {
    const before = this.input.value.slice(0, this.input.selectionStart);
    return before && !/\s$/.test(before) ? ` ${text}` : text;
  }

  plus(anchor) {
    const shortcuts = state.shortcuts.filter((each) => each.type === "global").map((each) => ({
      label: each.name, note: each.description, testid: "shortcut", attributes: { "data-callback-id": each.callback_id }, run: () => this.shortcut(each),
    }));
    const commands = this.scope === "thread" ? [] : state.commands.map((each) => ({
      label: `${each.command} ${each.usage_hint ?? ""}`, note: each.description, run: () => replaceRange(this.input, 0, this.input.value.length, `${each.command} `),
    }));
    const line = shortcuts.length && commands.length ? ["-"] : [];
    const items = [...shortcuts, ...line, ...commands];
    openMenu(anchor, items.length ? items : [{ label: "The bot has no shortcuts here", run: () => {} }], { label: "Commands and shortcuts", above: true });
  }

  pasted(event) {
    const { files } = event.clipboardData;
    if (!files.length) return;
    event.preventDefault();
    this.attachments.add(files);
  }

  /** As if somebody had typed it: it waits for Enter. */
  write(text) {
    replaceRange(this.input, 0, this.input.value.length, text);
    this.completion.close();
  }

  async shortcut({ callback_id }) {
    const answer = await tell("shortcut", { as: state.me, callback_id, channel: this.channel });
    if (!answer.ok) notice(reason(answer.error));
  }

  /** Moves to another channel or thread and shows what was being typed there. */
  open(channel, thread, placeholder) {
    const key = draftKey(channel, thread);
    this.input.placeholder = placeholder;
    show(this.alsoLabel, this.also, h("span", {}, `Also send to ${this.alsoName ?? "the channel"}`));
    if (key === this.draft) return;
    Object.assign(this, { channel, thread, draft: key });
    this.input.value = state.drafts.get(key) ?? "";
    this.attachments.open(key);
    this.also.checked = false;
    this.problem.hidden = true;
    this.completion.close();
    this.completion.paintUsage(this.input.value);
    this.typed();
  }

  typed() {
    state.drafts.set(this.draft, this.input.value);
    this.sendButton.classList.toggle("ready", Boolean(this.input.value.trim() || this.attachments.files.length));
    this.problem.hidden = true;
    grow(this.input);
  }

  key(event) {
    if (event.isComposing) return;
    if (this.completion.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.input.value) {
      event.preventDefault();
      this.editLast();
    }
  }

  /** Takes what is written; messages go out one after the other, as they were sent. */
  send() {
    const text = this.input.value.trim();
    const files = this.attachments.take();
    if (!text && !files.length) return;
    const broadcast = this.scope === "thread" && this.also.checked ? true : undefined;
    const said = { as: state.me, channel: this.channel, text, thread_ts: this.thread ?? undefined, broadcast };
    const key = this.draft;
    this.completion.close();
    this.input.value = "";
    this.also.checked = false;
    this.typed();
    this.completion.paintUsage("");
    this.sending = this.sending.then(() => this.deliver(said, files, key));
  }

  async deliver(said, files, key) {
    const { ids, error, words } = await uploaded(files);
    const answer = error ? { ok: false, error } : await tell("say", { ...said, files: ids });
    if (answer.ok) {
      this.onSent(answer);
      return;
    }
    this.attachments.giveBack(files, key);
    this.failed(words ?? this.explain(answer.error, said.text), said.text, key);
  }

  failed(words, text, key) {
    if (!state.drafts.get(key)) state.drafts.set(key, text);
    if (key !== this.draft) return;
    if (!this.input.value) {
      this.input.value = text;
      this.typed();
    }
    show(this.problem, icon("warning", 16), h("span", {}, words));
    this.problem.hidden = false;
  }

  explain(error, text) {
    const command = text.match(/^\/\S+/)?.[0];
    if (error === "slash_in_thread") return `${command} is not supported in threads. Sorry! Mention @${state.bot.name} with the same words instead.`;
    if (command && error === "unknown_command") return `${command} is not a valid command. In Slack, all messages that start with “/” are commands.`;
    return command ? `${command} failed with the error “${error}”. ${reason(error)}` : reason(error);
  }
}
