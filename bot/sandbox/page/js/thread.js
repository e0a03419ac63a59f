// The thread pane at the right; on a phone it is the whole screen.

import { takeDrops } from "./composer/attachments.js";
import { Composer } from "./composer/composer.js";
import { h, show } from "./dom.js";
import { startEditing } from "./edit.js";
import { MessageList } from "./messages.js";
import { icon } from "./parts/icons.js";
import { go } from "./route.js";
import { channel, channelLabel, state } from "./state.js";

export class ThreadPane {
  constructor() {
    this.messages = new MessageList({ inThread: true, testid: "thread-messages" });
    this.composer = new Composer({ scope: "thread", editLast: () => this.editLast(), onSent: () => this.messages.toBottom() });
    this.title = h("span", { class: "pane-about" });
    const close = h("button", { type: "button", class: "icon-btn", "aria-label": "Close thread", "data-testid": "thread-close", onclick: () => this.leave() }, icon("close"));
    this.node = h("section", { class: "thread-pane", hidden: true, "aria-label": "Thread", "data-testid": "thread-pane" },
      h("header", { class: "pane-head" }, h("h2", {}, "Thread"), this.title, h("span", { class: "spring" }), close),
      this.messages.node, this.composer.node);
    takeDrops(this.node, this.composer);
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
  }

  leave() {
    go({ as: state.me, channel: state.route.channel });
  }

  open({ channel: id, thread, ts }) {
    const opening = this.node.hidden || this.messages.thread !== thread;
    this.node.hidden = false;
    const place = channel(id);
    const name = place ? (place.is_im ? channelLabel(place) : `#${place.name}`) : "";
    show(this.title, name);
    this.composer.alsoName = name || "the channel";
    this.composer.open(id, thread, "Reply…");
    this.composer.node.hidden = Boolean(place?.is_archived);
    if (opening && matchMedia("(hover: hover)").matches) this.composer.input.focus({ preventScroll: true });
    return this.messages.open(id, thread, ts);
  }

  close() {
    this.node.hidden = true;
    this.messages.channel = null;
    this.messages.thread = null;
  }

  editLast() {
    const own = this.messages.lastOwn();
    if (own) startEditing(this.messages.channel, own.ts);
  }
}
