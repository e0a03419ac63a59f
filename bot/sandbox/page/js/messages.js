// A list of messages (a channel's, or a thread's): reads it, shows it, keeps it at the bottom when it was there.

import { ask, reason } from "./api.js";
import { dayKey, dayLabel } from "./clock.js";
import { h, reconcile, show } from "./dom.js";
import { authorOf, messageNode } from "./message.js";
import { icon } from "./parts/icons.js";
import { rove } from "./parts/roving.js";
import { state } from "./state.js";
import { attachToolbar } from "./toolbar.js";

const GROUP_S = 300;
const NEAR_BOTTOM_PX = 60;

export class MessageList {
  constructor({ inThread, testid, intro }) {
    Object.assign(this, { inThread, intro, channel: null, thread: null, messages: [], reading: null, again: false, target: null });
    this.list = h("div", { class: "message-list", role: "log", "aria-label": inThread ? "Thread" : "Messages", "aria-live": "off", "aria-describedby": `${testid}-keys`, "data-testid": testid });
    const keys = h("p", { id: `${testid}-keys`, hidden: true }, "Up and down go from message to message, right and left to what is in one.");
    this.scroller = h("div", { class: "scroller", tabindex: "-1" }, this.list);
    this.latest = h("button", { type: "button", class: "latest", hidden: true, onclick: () => this.toBottom() }, "Jump to latest ", icon("chevron", 14));
    this.node = h("div", { class: "messages-holder" }, this.scroller, this.latest, keys);
    this.atBottom = true;
    this.scroller.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.keepBottom()).observe(this.scroller);
    new ResizeObserver(() => this.keepBottom()).observe(this.list);
    this.focus = rove(this.list);
    attachToolbar(this.list, { messageOf: (ts) => this.messages.find((each) => each.ts === ts), inThread });
  }

  /** Shows this channel or thread; `target` is a ts to scroll to. */
  open(channel, thread, target) {
    const another = channel !== this.channel || thread !== this.thread || this.as !== state.me;
    Object.assign(this, { channel, thread, target: target ?? null, as: state.me });
    if (another) {
      this.messages = [];
      this.atBottom = !target;
      this.loaded = false;
      this.paint();
    }
    return this.refresh();
  }

  /** Reads again; calls that arrive meanwhile are gathered into one more reading. */
  async refresh() {
    if (!this.channel) return;
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    const { channel, thread, as } = this;
    const answer = await ask("messages", { as, channel, thread_ts: thread });
    this.reading = false;
    const stale = channel !== this.channel || thread !== this.thread || as !== this.as;
    if (!stale) this.take(answer);
    if (stale || this.again) {
      this.again = false;
      await this.refresh();
    }
  }

  take(answer) {
    if (!answer.messages) {
      const gone = String(answer.error).endsWith("_not_found");
      if (this.loaded && !gone) return;
      this.loaded = false;
      show(this.list, h("p", { class: "empty-note", role: "alert" }, reason(answer.error)));
      return;
    }
    if (!this.loaded) show(this.list);
    this.loaded = true;
    this.messages = answer.messages;
    const newest = this.messages.at(-1)?.ts;
    if (newest && !this.inThread && newest > (state.newest.get(this.channel) ?? "")) state.newest.set(this.channel, newest);
    this.paint();
    this.showTarget();
  }

  paint() {
    if (!this.loaded) {
      show(this.list);
      return;
    }
    const height = this.scroller.scrollHeight;
    reconcile(this.list, [...this.introItem(), ...this.items()]);
    if (this.atBottom) this.toBottom();
    else if (this.scroller.scrollHeight > height && this.newestBelow()) this.latest.hidden = false;
  }

  introItem() {
    const node = this.intro?.(this.channel);
    return node ? [{ key: "intro", print: this.channel + node.textContent, make: () => node }] : [];
  }

  items() {
    const items = [];
    let previous = null;
    for (const [at, message] of this.messages.entries()) {
      if (!this.inThread && (!previous || dayKey(previous.ts) !== dayKey(message.ts))) {
        items.push(dayItem(message.ts));
        previous = null;
      }
      const grouped = follows(previous, message) && !(this.inThread && at === 1);
      items.push(this.messageItem(message, grouped));
      if (this.inThread && at === 0 && this.messages.length > 1) items.push(repliesItem(this.messages.length - 1));
      previous = message;
    }
    return items;
  }

  messageItem(message, grouped) {
    const broadcast = message.subtype === "thread_broadcast";
    const root = broadcast ? message.root?.text ?? this.messages.find((each) => each.ts === message.thread_ts)?.text : null;
    const place = { channel: this.channel, inThread: this.inThread, grouped, root };
    const editing = state.editing === `${this.channel}/${message.ts}`;
    const names = [state.me, state.people.length, state.channels.length];
    return { key: message.ts, print: JSON.stringify([message, grouped, root, editing, names]), make: (old) => messageNode(message, place, old) };
  }

  newestBelow() {
    return this.messages.length > 0;
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.atBottom = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    if (this.atBottom) this.latest.hidden = true;
  }

  keepBottom() {
    if (this.atBottom) this.toBottom();
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.latest.hidden = true;
    this.atBottom = true;
  }

  /** Scrolls to the message that a permalink named, once. */
  showTarget() {
    const node = this.target && this.list.querySelector(`[data-ts="${CSS.escape(this.target)}"]`);
    if (!node) return;
    this.target = null;
    this.atBottom = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("flash");
    setTimeout(() => node.classList.remove("flash"), 3000);
    this.scrolled();
  }

  lastOwn() {
    return this.messages.findLast((each) => each.user === state.me && !each.ephemeral && isSaid(each)) ?? null;
  }
}

/** What a person or the bot said, and not the channel's own life. */
const isSaid = (message) => !message.subtype || message.subtype === "file_share";

function follows(previous, message) {
  return Boolean(previous) && authorOf(previous) === authorOf(message) && Number(message.ts) - Number(previous.ts) < GROUP_S
    && !previous.ephemeral === !message.ephemeral && isSaid(message) && isSaid(previous) && !message.pinned_to?.length;
}

function dayItem(ts) {
  const label = dayLabel(ts);
  return { key: `day-${dayKey(ts)}`, print: label, make: () => h("div", { class: "day" }, h("span", { class: "day-label" }, label)) };
}

function repliesItem(count) {
  const words = count === 1 ? "1 reply" : `${count} replies`;
  return { key: "replies", print: words, make: () => h("div", { class: "replies-line" }, h("span", {}, words)) };
}
