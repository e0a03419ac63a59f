// Editing a message in its place.

import { reason, tell } from "./api.js";
import { h } from "./dom.js";
import { grow } from "./composer/textarea.js";
import { changed, state } from "./state.js";
import { unescape } from "./text/mrkdwn.js";

export function startEditing(channel, ts) {
  state.editing = `${channel}/${ts}`;
  changed("editing");
}

function stopEditing() {
  state.editing = null;
  changed("editing");
}

export function editBox(message, { channel }) {
  const input = h("textarea", { class: "composer-input", "aria-label": "Edit message", "data-testid": "edit-input", value: unescape(message.text ?? "") });
  const problem = h("p", { class: "input-error", role: "alert" });
  const save = async () => {
    const answer = await tell("edit", { as: state.me, channel, ts: message.ts, text: input.value });
    if (answer.ok) stopEditing();
    else problem.textContent = reason(answer.error);
  };
  input.addEventListener("input", () => grow(input));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      stopEditing();
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    save();
  });
  requestAnimationFrame(() => {
    grow(input);
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  });
  return h("div", { class: "edit-box" }, input, problem,
    h("div", { class: "edit-foot" },
      h("button", { type: "button", class: "btn", onclick: stopEditing }, "Cancel"),
      h("button", { type: "button", class: "btn primary", "data-testid": "edit-save", onclick: save }, "Save")));
}
