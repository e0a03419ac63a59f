// Puts the page together: address → what is shown, live frames → what is read again.

import { ChannelPane } from "./channel.js";
import { h, show } from "./dom.js";
import { Live } from "./live.js";
import { Modal } from "./modal.js";
import { reason } from "./api.js";
import { icon } from "./parts/icons.js";
import { closePopover } from "./parts/popover.js";
import { lastPerson, readRoute, rememberPerson, settle } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { botChannel, changed, channel, channelLabel, displayName, loadWorkspace, state, subscribe } from "./state.js";
import { Switcher } from "./switcher.js";
import { ThreadPane } from "./thread.js";
import { Tour, typeInto } from "./tour.js";
import { World } from "./world.js";

const RETRY_MS = 1500;

class Page {
  constructor(root) {
    this.root = root;
    this.sidebar = new Sidebar({ onChosen: () => this.setDrawer(false) });
    this.pane = new ChannelPane({ showSidebar: () => this.setDrawer(true) });
    this.thread = new ThreadPane();
    this.modal = new Modal();
    this.switcher = new Switcher();
    this.tour = new Tour({
      act: (key) => this.world.letHappen(key),
      type: (step) => {
        this.setDrawer(false);
        typeInto(step, { channelComposer: this.pane.composer, threadComposer: this.thread.composer });
      },
    });
    this.world = new World({ onRead: (steps) => this.tour.took(steps), more: () => this.tour.recall() });
    this.lost = h("p", { class: "bar", role: "status", hidden: true, "data-testid": "lost" }, "Connection lost. Trying again…");
    this.offline = h("p", { class: "bar bot-offline", role: "status", hidden: true, "data-testid": "bot-offline" },
      icon("warning", 16), "The bot is not connected. Commands and buttons will fail until it is back.");
    this.live = new Live({ onFrame: (frame) => this.frame(frame), onOpen: () => this.connected(), onClosed: () => this.setLost(true) });
    subscribe((what) => this.changed(what));
    window.addEventListener("hashchange", () => {
      closePopover();
      this.follow();
    });
  }

  async start() {
    const wanted = readRoute();
    const problem = (await loadWorkspace(wanted.as ?? lastPerson())) && (await loadWorkspace(null));
    if (problem) {
      show(this.root, h("p", { class: "boot", role: "alert" }, `${reason(problem)} Trying again…`));
      setTimeout(() => this.start(), RETRY_MS);
      return;
    }
    show(this.root, skipLink("Skip to the messages", () => this.pane.messages.focus()), skipLink("Skip to the message box", () => this.pane.composer.input.focus()),
      h("header", { class: "topbar" }, this.switcher.node, this.world.button),
      h("div", { class: "bars" }, this.lost, this.offline, this.tour.node),
      h("main", { class: "body" }, h("h1", { class: "visually-hidden" }, "Second Line sandbox"), this.sidebar.node, h("div", { class: "panes" }, this.pane.node, this.thread.node)), this.modal.node);
    state.drawer = !wanted.channel && !wanted.home;
    this.world.read();
    await this.follow();
  }

  /** Goes where the address says; an incomplete address is completed. */
  async follow() {
    const wanted = readRoute();
    if (wanted.as && wanted.as !== state.me && (await loadWorkspace(wanted.as))) await loadWorkspace(null);
    state.route = { ...wanted, as: state.me, channel: wanted.home ? null : placeFor(wanted) };
    settle(state.route);
    rememberPerson(state.me);
    this.live.listenAs(state.me);
    this.sidebar.paint();
    this.tour.paint();
    this.markRead();
    this.paintScreen();
    const shown = [this.pane.open(state.route), this.modal.refresh()];
    if (state.route.thread) shown.push(this.thread.open(state.route));
    else this.thread.close();
    state.route = { ...state.route, ts: null };
    await Promise.all(shown);
  }

  setDrawer(open) {
    state.drawer = open;
    this.paintScreen();
  }

  /** On a phone one of the three is the screen. */
  paintScreen() {
    this.root.dataset.screen = state.drawer ? "sidebar" : state.route.thread ? "thread" : "channel";
    const place = channel(state.route.channel);
    const name = state.route.home ? state.bot.name : place ? `${place.is_im ? "" : "#"}${channelLabel(place)}` : "";
    const unread = [...state.unread.values()].some(Boolean) ? "• " : "";
    document.title = `${unread}${name} · ${displayName(state.me)} · ${state.team.name}`;
  }

  markRead() {
    if (!state.route.channel) return;
    state.unread.set(state.route.channel, 0);
    this.sidebar.paintLists();
  }

  changed(what) {
    if (what.has("workspace")) {
      this.sidebar.paint();
      this.offline.hidden = state.bot.connected !== false;
    }
    if (what.has("unread") && state.me) this.sidebar.paintLists();
    if (what.has("editing")) {
      this.pane.messages.paint();
      this.thread.messages.paint();
    }
  }

  setLost(lost) {
    this.lost.hidden = !lost;
  }

  /** Whatever was missed while nobody listened is read again; at the first time that is a moment, later it may be hours. */
  async connected() {
    const again = this.wasConnected;
    this.wasConnected = true;
    this.setLost(false);
    if (again) await Promise.all([loadWorkspace(state.me), this.world.read()]);
    if (again) await this.follow();
    if (state.route.home) this.pane.home.published(null);
    await Promise.all([this.pane.messages.refresh(), this.thread.messages.refresh(), this.modal.refresh()]);
  }

  frame(frame) {
    const handle = {
      message: () => this.messageFrame(frame), view: () => this.modal.told(frame.view), home: () => this.homeFrame(frame),
      channels: () => this.channelsFrame(), bot: () => this.botFrame(frame), tour: () => this.world.read(),
    }[frame.type];
    handle?.();
  }

  messageFrame({ channel: id, thread_ts: thread, ts }) {
    if (id === state.route.channel) this.pane.messages.refresh();
    if (id === this.thread.messages.channel && (!thread || thread === this.thread.messages.thread || ts === this.thread.messages.thread)) {
      this.thread.messages.refresh();
    }
    if (id !== state.route.channel) this.elsewhere(id, thread, ts);
  }

  /** News in another channel: a dot, unless it is an old message that changed or a reply in a thread. */
  elsewhere(id, thread, ts) {
    if (!channel(id)) {
      this.channelsFrame();
      return;
    }
    if ((thread && thread !== ts) || ts <= (state.newest.get(id) ?? "")) return;
    state.newest.set(id, ts);
    state.unread.set(id, 1);
    changed("unread");
    this.paintScreen();
  }

  homeFrame({ view }) {
    if (state.route.home) this.pane.home.published(view);
  }

  async channelsFrame() {
    await loadWorkspace(state.me);
    this.pane.open(state.route);
  }

  botFrame({ connected }) {
    state.bot.connected = connected;
    changed("workspace");
    if (connected) loadWorkspace(state.me);
  }
}

/** The address says where one is in the workspace, so a skip link only moves the focus. */
function skipLink(words, jump) {
  const follow = (event) => {
    event.preventDefault();
    jump();
  };
  return h("a", { class: "skip", href: "#app", onclick: follow }, words);
}

function placeFor({ channel: wanted }) {
  if (wanted && channel(wanted)) return wanted;
  if (wanted?.startsWith("D") && botChannel()) return botChannel().id;
  const first = state.channels.find((each) => !each.is_im && !each.is_archived && each.is_member !== false);
  return (first ?? botChannel() ?? state.channels[0])?.id ?? null;
}

new Page(document.querySelector("#app")).start();
