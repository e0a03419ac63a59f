// The middle of the page: a channel with its head, messages and composer; for the bot also its Home.

import { takeDrops } from "./composer/attachments.js";
import { Composer } from "./composer/composer.js";
import { h, show } from "./dom.js";
import { startEditing } from "./edit.js";
import { AppHome } from "./home.js";
import { MessageList } from "./messages.js";
import { avatar } from "./parts/avatar.js";
import { icon } from "./parts/icons.js";
import { go } from "./route.js";
import { botChannel, channel, channelLabel, person, state } from "./state.js";
import { mrkdwn } from "./text/mrkdwn.js";

export class ChannelPane {
  constructor({ showSidebar }) {
    this.messages = new MessageList({ inThread: false, testid: "messages", intro });
    this.composer = new Composer({ scope: "channel", editLast: () => this.editLast(), onSent: () => this.messages.toBottom() });
    this.home = new AppHome();
    this.title = h("div", { class: "pane-title" });
    this.tabs = h("div", { class: "tabs", role: "tablist", hidden: true });
    this.closed = h("p", { class: "closed-note", hidden: true });
    const back = h("button", { type: "button", class: "icon-btn back", "aria-label": "Channels", "data-testid": "back", onclick: showSidebar }, icon("back"));
    this.node = h("section", { class: "channel-pane", "aria-label": "Channel", "data-testid": "channel-pane" },
      h("header", { class: "pane-head" }, back, this.title), this.tabs, this.home.node, this.messages.node, this.closed, this.composer.node);
    takeDrops(this.node, this.composer);
  }

  open({ channel: id, home, ts, thread }) {
    const place = channel(id);
    const isBot = home || (place?.is_im && place.user === state.bot.user_id);
    show(this.title, isBot ? botTitle() : place ? channelTitle(place) : h("h2", {}, "No such channel"));
    this.paintTabs(isBot, home);
    this.home.node.hidden = !home;
    if (!home) this.homeOf = null;
    this.messages.node.hidden = Boolean(home) || !place;
    this.paintComposer(place, home);
    if (home) return this.openHome();
    return place ? this.messages.open(id, null, thread ? null : ts) : null;
  }

  /** Once for each visit: what else makes the page show itself again is not an opening. */
  openHome() {
    if (this.homeOf === state.me) return null;
    this.homeOf = state.me;
    return this.home.open();
  }

  paintTabs(isBot, home) {
    this.tabs.hidden = !isBot;
    if (!isBot) return;
    const tab = (label, selected, testid, route) => h("button", {
      type: "button", role: "tab", "aria-selected": String(selected), class: "tab", "data-testid": testid, onclick: () => go({ as: state.me, ...route }),
    }, label);
    const messages = botChannel();
    show(this.tabs, tab("Home", Boolean(home), "home-tab", { home: true }),
      messages ? tab("Messages", !home, "messages-tab", { channel: messages.id }) : null);
  }

  paintComposer(place, home) {
    const readable = place && !home;
    const closed = !readable ? null : place.is_archived ? "This channel is archived." : place.is_member === false && !place.is_im ? "You are not in this channel." : null;
    this.closed.hidden = !closed;
    show(this.closed, closed);
    this.composer.node.hidden = !readable || Boolean(closed);
    if (readable) this.composer.open(place.id, null, `Message ${place.is_im ? channelLabel(place) : `#${place.name}`}`);
  }

  editLast() {
    const own = this.messages.lastOwn();
    if (own) startEditing(this.messages.channel, own.ts);
  }
}

function botTitle() {
  const id = state.bot.user_id;
  return [avatar(id, 24), h("h2", {}, person(id)?.real_name || state.bot.name), h("span", { class: "badge" }, "APP")];
}

function channelTitle(place) {
  const face = place.is_im ? avatar(place.user, 24) : icon(place.is_private ? "lock" : "hash", 18);
  const about = place.is_im ? person(place.user)?.title : place.topic;
  return [face, h("h2", { "data-testid": "channel-title" }, channelLabel(place)), about ? h("span", { class: "pane-about" }, place.is_im ? about : mrkdwn(about)) : null];
}

/** What stands above the first message. */
function intro(id) {
  const place = channel(id);
  if (!place) return null;
  const name = channelLabel(place);
  const words = place.is_im ? `This is the very beginning of your direct messages with ${name}.` : `This is the very beginning of the #${name} channel.`;
  return h("div", { class: "intro" }, h("h2", {}, place.is_im ? [avatar(place.user, 36), name] : `# ${name}`), h("p", {}, words));
}
