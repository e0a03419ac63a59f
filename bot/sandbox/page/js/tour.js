// The strip of the first morning: what to do next, as whom, and what is done. It can be sent away and called back.

import { h, show } from "./dom.js";
import { avatar } from "./parts/avatar.js";
import { icon } from "./parts/icons.js";
import { go } from "./route.js";
import { displayName, draftKey, person, state } from "./state.js";

const REMEMBERED = "second-line-tour";

function isDismissed() {
  try {
    return localStorage.getItem(REMEMBERED) === "gone";
  } catch {
    return false;
  }
}

function remember(gone) {
  try {
    if (gone) localStorage.setItem(REMEMBERED, "gone");
    else localStorage.removeItem(REMEMBERED);
  } catch {
    // A browser that keeps nothing shows the strip again.
  }
}

export class Tour {
  /** `act` lets a thing of the world happen; `type` puts a text where the person writes. */
  constructor({ act, type }) {
    Object.assign(this, { act, type, steps: [], gone: isDismissed() });
    this.node = h("section", { class: "tour", "aria-label": "The first morning", hidden: true, "data-testid": "tour" });
  }

  took(steps) {
    this.steps = steps;
    this.paint();
  }

  dismiss() {
    this.gone = true;
    remember(true);
    this.paint();
  }

  /** As an item of the world's menu. */
  recall() {
    if (!this.gone || !this.steps.length) return [];
    const run = () => {
      this.gone = false;
      remember(false);
      this.paint();
    };
    return ["-", { label: "Show the first morning again", testid: "tour-recall", run }];
  }

  paint() {
    this.node.hidden = this.gone || !this.steps.length || !state.me;
    if (this.node.hidden) return;
    const next = this.steps.find((step) => !step.done);
    const close = h("button", {
      type: "button", class: "icon-btn tour-close", "aria-label": "Dismiss the first morning", title: "Dismiss", "data-testid": "tour-dismiss", onclick: () => this.dismiss(),
    }, icon("close", 16));
    show(this.node, next ? this.next(next) : finished(), this.progress(next), close);
  }

  next(step) {
    const mine = step.who === state.me;
    const who = mine ? `You are ${firstName(step.who)}, ${title(step.who)}.` : `Be ${firstName(step.who)}, ${title(step.who)}.`;
    return h("div", { class: "tour-next", "data-testid": "tour-next", "data-step": step.key }, avatar(step.who, 24),
      h("p", {}, h("strong", {}, who), " ", step.words, step.typed ? [" ", h("code", {}, step.typed)] : null),
      this.help(step, mine));
  }

  help(step, mine) {
    const button = (label, run) => h("button", { type: "button", class: "btn primary", "data-testid": "tour-do", onclick: run }, label);
    if (!mine) return button(`Be ${firstName(step.who)}`, () => go({ as: step.who, channel: step.place, thread: step.in_thread ? state.route.thread : null }));
    if (step.act) return button(step.button, () => this.act(step.act));
    if (step.typed && !(step.in_thread && !state.route.thread)) return button("Type It for Me", () => this.type(step));
    return null;
  }

  progress(next) {
    const done = this.steps.filter((step) => step.done).length;
    return h("ol", { class: "tour-steps", "aria-label": `${done} of ${this.steps.length} done` }, this.steps.map((step) =>
      h("li", { class: step.done ? "done" : step === next ? "now" : "", "aria-current": step === next ? "step" : null, "data-testid": `tour-${step.key}` },
        icon(step.done ? "check" : "dot", 14), step.label, step.done ? h("span", { class: "visually-hidden" }, " done") : null)));
  }
}

const firstName = (id) => displayName(id).split(" ")[0];
const title = (id) => person(id)?.title?.toLowerCase() ?? "";

const finished = () => h("div", { class: "tour-next", "data-testid": "tour-finished" },
  h("p", {}, h("strong", {}, "That was the whole morning."), " Open World for more: break another gateway, or let an hour pass."));

/** Puts the text of a step into the composer of its place, as if it had been typed. */
export function typeInto({ place, typed, in_thread: inThread }, { channelComposer, threadComposer }) {
  const composer = inThread ? threadComposer : channelComposer;
  if (!inThread && state.route.channel !== place) {
    state.drafts.set(draftKey(place, null), typed);
    go({ as: state.me, channel: place });
    return;
  }
  composer.write(typed);
}
