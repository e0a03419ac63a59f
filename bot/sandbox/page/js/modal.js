// The bot's forms. The bot keeps the stack; the page shows its top view and keeps what was typed in each view.

import { ask, reason, tell } from "./api.js";
import { showBlocks } from "./blocks/index.js";
import { missing, showErrors } from "./blocks/input.js";
import { Values } from "./blocks/values.js";
import { h, show } from "./dom.js";
import { avatar } from "./parts/avatar.js";
import { closePopover } from "./parts/popover.js";
import { icon } from "./parts/icons.js";
import { state } from "./state.js";
import { textObject } from "./text/mrkdwn.js";
import { windowId } from "./window.js";

const typed = new Map();

export class Modal {
  constructor() {
    Object.assign(this, { view: null, busy: false, news: 0 });
    this.blocks = h("div", { class: "dialog-body", "data-testid": "modal-body" });
    this.title = h("h2", { id: "modal-title", "data-testid": "modal-title" });
    this.face = h("span", {});
    this.problem = h("p", { class: "modal-problem", role: "alert", hidden: true, "data-testid": "modal-error" });
    this.submitButton = h("button", { type: "submit", class: "btn primary", "data-testid": "modal-submit" });
    this.closeButton = h("button", { type: "button", class: "btn", "data-testid": "modal-close", onclick: () => this.close() });
    const cross = h("button", { type: "button", class: "icon-btn", "aria-label": "Close", onclick: () => this.close() }, icon("close"));
    this.form = h("form", { novalidate: true, onsubmit: (event) => this.submit(event) },
      h("header", { class: "dialog-head" }, this.face, this.title, cross),
      this.problem, this.blocks,
      h("footer", { class: "dialog-foot" }, this.closeButton, this.submitButton));
    this.node = h("dialog", { class: "dialog modal", "data-testid": "modal", "aria-labelledby": "modal-title" }, this.form);
    this.node.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
  }

  /** The live feed says what the person's form is now. */
  told(view) {
    this.news += 1;
    this.show(view);
  }

  /** An answer that was overtaken by the live feed is older than what is shown. */
  async refresh() {
    const [as, news] = [state.me, this.news];
    const { view } = await ask("view", { as, window: windowId });
    if (as === state.me && news === this.news && view !== undefined) this.show(view);
  }

  show(view) {
    if (!view) return this.hide();
    const another = view.id !== this.view?.id;
    if (another) {
      closePopover();
      show(this.blocks);
      this.setBusy(false);
    }
    this.view = view;
    this.node.dataset.viewId = view.id;
    this.node.dataset.callbackId = view.callback_id ?? "";
    if (!typed.has(view.id)) typed.set(view.id, new Values(view.state?.values));
    show(this.face, avatar(state.bot.user_id, 24));
    show(this.title, textObject(view.title));
    show(this.submitButton, view.submit ? textObject(view.submit) : "Submit");
    this.submitButton.hidden = !view.submit && !view.blocks.some((block) => block.type === "input");
    show(this.closeButton, view.close ? textObject(view.close) : view.submit ? "Cancel" : "Close");
    this.problem.hidden = true;
    showBlocks(this.blocks, view.blocks, { surface: "modal", values: this.values, press: (action) => this.press(action) });
    if (!this.node.open) this.node.showModal();
    if (another) this.focusFirst();
  }

  get values() {
    return typed.get(this.view.id);
  }

  focusFirst() {
    this.blocks.scrollTop = 0;
    const wanted = this.blocks.querySelector("[data-focus-on-load]") ?? this.blocks.querySelector("input, textarea, button.select");
    (wanted ?? this.closeButton).focus({ preventScroll: true });
  }

  /** A menu of the page stays open where there was no form to close. */
  hide() {
    typed.clear();
    if (!this.view) return;
    this.view = null;
    closePopover();
    if (this.node.open) this.node.close();
    show(this.blocks);
    this.setBusy(false);
  }

  setBusy(busy) {
    this.busy = busy;
    this.submitButton.disabled = busy;
    this.submitButton.classList.toggle("busy", busy);
    this.form.setAttribute("aria-busy", String(busy));
  }

  body(type, rest = {}) {
    const values = this.values.among(this.view.blocks);
    return { as: state.me, view_id: this.view.id, type, state: { values }, ...rest };
  }

  press(action) {
    return tell("view", this.body("action", { action }));
  }

  async submit(event) {
    event.preventDefault();
    if (this.busy || !this.view || this.submitButton.hidden) return;
    const wrong = missing(this.view.blocks, this.values);
    showErrors(this.blocks, wrong);
    if (Object.keys(wrong).length) return;
    const { id } = this.view;
    this.setBusy(true);
    this.problem.hidden = true;
    const answer = await tell("view", this.body("submit"));
    if (this.view?.id !== id) return;
    this.setBusy(false);
    this.answered(answer);
    if (answer.ok && !answer.errors) await this.refresh();
  }

  answered({ ok, error, errors }) {
    if (errors && Object.keys(errors).length) {
      showErrors(this.blocks, errors);
      return;
    }
    if (ok) return;
    show(this.problem, icon("warning", 16), ` We had some trouble connecting. Try again? ${reason(error)}`);
    this.problem.hidden = false;
  }

  /** Esc, the cross and Cancel: this view goes, the one beneath comes back. */
  async close() {
    if (!this.view) return;
    const { id } = this.view;
    await tell("view", this.body("close"));
    typed.delete(id);
    await this.refresh();
  }
}
