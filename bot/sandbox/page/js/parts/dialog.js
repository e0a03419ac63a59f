// Questions before something happens, and short notices.

import { h } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";
import { icon } from "./icons.js";

/** Asks Slack's confirm object; true when the person agrees. */
export function confirmDialog({ title, text, confirm, deny, style }) {
  return new Promise((resolve) => {
    const answer = (agreed) => () => {
      box.close();
      box.remove();
      resolve(agreed);
    };
    const look = style === "danger" ? "btn danger solid" : "btn primary";
    const box = h("dialog", { class: "dialog confirm", "data-testid": "confirm-dialog", "aria-labelledby": "confirm-title" },
      h("header", { class: "dialog-head" },
        h("h2", { id: "confirm-title" }, textObject(title)),
        h("button", { type: "button", class: "icon-btn", "aria-label": "Close", onclick: answer(false) }, icon("close"))),
      h("div", { class: "dialog-body" }, textObject(text)),
      h("footer", { class: "dialog-foot" },
        h("button", { type: "button", class: "btn", "data-testid": "confirm-cancel", onclick: answer(false) }, deny ? textObject(deny) : "Cancel"),
        h("button", { type: "button", class: look, "data-testid": "confirm-ok", onclick: answer(true) }, confirm ? textObject(confirm) : "Yes")));
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      answer(false)();
    });
    document.body.append(box);
    box.showModal();
    box.querySelector("[data-testid=confirm-ok]").focus();
  });
}

const NOTICE_MS = 6000;

/** A notice at the bottom of the page that goes away by itself. */
export function notice(text) {
  const holder = document.querySelector("#notices");
  const box = h("div", { class: "notice", role: "status", "data-testid": "notice" }, text);
  holder.replaceChildren(box);
  setTimeout(() => box.remove(), NOTICE_MS);
}
