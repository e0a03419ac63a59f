// The left side: whom the person acts as, and where they can go.

import { h, show } from "./dom.js";
import { avatar } from "./parts/avatar.js";
import { icon } from "./parts/icons.js";
import { routeAddress } from "./route.js";
import { emoji } from "./text/emoji.js";
import { botChannel, channelLabel, person, state } from "./state.js";

export class Sidebar {
  constructor({ onChosen }) {
    this.onChosen = onChosen;
    this.rail = h("nav", { class: "rail", "aria-label": "Act as", "data-testid": "act-as-switcher" });
    this.head = h("header", { class: "side-head" });
    this.lists = h("div", { class: "side-lists" });
    this.node = h("div", { class: "side", "data-testid": "sidebar" }, this.rail,
      h("nav", { class: "sidebar", "aria-label": "Channels" }, this.head, this.lists));
  }

  paint() {
    show(this.rail, h("span", { class: "rail-title" }, "Act as"), state.people.filter((each) => !each.is_bot).map(actAs));
    const me = person(state.me);
    show(this.head, h("div", { class: "team", "data-testid": "team-name" }, state.team.name),
      h("div", { class: "me", "data-testid": "me", "data-user-id": state.me }, h("span", { class: "presence" }), h("span", {}, me ? `${me.real_name || me.name}` : ""),
        me?.title ? h("span", { class: "me-title" }, me.title) : null));
    this.paintLists();
  }

  paintLists() {
    const joined = state.channels.filter((each) => !each.is_im && !each.is_archived && each.is_member !== false);
    const others = state.channels.filter((each) => !each.is_im && !joined.includes(each));
    const people = state.channels.filter((each) => each.is_im && each.user !== state.bot.user_id);
    show(this.lists,
      this.section("Channels", joined.map((each) => this.row(each))),
      this.section("Direct messages", people.map((each) => this.row(each))),
      this.section("Apps", [this.botRow()]),
      this.section("Other channels", others.map((each) => this.row(each))));
  }

  section(title, rows) {
    return rows.length ? h("section", { class: "side-section", "aria-label": title }, h("h2", {}, title), rows) : null;
  }

  row(each) {
    const here = state.route.channel === each.id && !state.route.home;
    const face = each.is_im ? avatar(each.user, 20) : icon(each.is_archived ? "archive" : each.is_private ? "lock" : "hash", 16);
    const label = each.user === state.me ? `${channelLabel(each)} (you)` : channelLabel(each);
    return this.link({ as: state.me, channel: each.id }, { here, face, label, unread: here ? 0 : state.unread.get(each.id), each });
  }

  botRow() {
    const messages = botChannel();
    const here = Boolean(state.route.home || (messages && state.route.channel === messages.id));
    const unread = messages && !here ? state.unread.get(messages.id) : 0;
    const route = messages && unread ? { as: state.me, channel: messages.id } : { as: state.me, home: true };
    const label = person(state.bot.user_id)?.real_name || state.bot.name;
    return this.link(route, { here, face: avatar(state.bot.user_id, 20), label, unread, each: messages, app: true });
  }

  link(route, { here, face, label, unread, each, app }) {
    const attributes = {
      class: `side-row${here ? " here" : ""}${unread ? " unread" : ""}`, href: routeAddress(route), "aria-current": here ? "page" : null,
      "data-testid": app ? "app-link" : "channel-link", "data-channel-id": each?.id, "data-channel-name": each?.name, onclick: () => this.onChosen(),
    };
    return h("a", attributes, h("span", { class: "side-face" }, face), h("span", { class: "side-label" }, label),
      app ? h("span", { class: "presence-text" }, state.bot.connected === false ? "offline" : "") : null,
      unread ? h("span", { class: "unread-dot" }, h("span", { class: "visually-hidden" }, "unread")) : null);
  }
}

/** A real link: opened in a new tab, that tab is another person. */
function actAs(each) {
  const mine = each.id === state.me;
  const { channel, thread } = state.route;
  const name = each.real_name || each.name;
  return h("a", {
    class: `rail-person${mine ? " mine" : ""}`, href: routeAddress({ as: each.id, channel, thread, home: state.route.home }), "aria-current": mine ? "true" : null,
    title: [name, each.title, each.status?.text].filter(Boolean).join(" · "), "data-testid": "act-as", "data-user-id": each.id, "data-user-name": each.name,
  }, avatar(each.id, 36), h("span", { class: "visually-hidden" }, "Act as "), h("span", { class: "rail-name" }, name.split(" ")[0]),
  each.status ? h("span", { class: "rail-status", "data-testid": "status" }, emoji(each.status.emoji.replaceAll(":", "")), h("span", { class: "visually-hidden" }, each.status.text)) : null);
}
