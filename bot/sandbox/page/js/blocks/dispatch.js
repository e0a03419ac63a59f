// Sends what a person did with an element, and shows beside it that it is on its way or that it failed.

import { h } from "../dom.js";
import { reason } from "../api.js";
import { confirmDialog } from "../parts/dialog.js";
import { icon } from "../parts/icons.js";

/** True when the choice went out; false when the person took it back in the confirm dialog. */
export async function dispatch(node, spec, block, context, payload) {
  if (spec.confirm && !(await confirmDialog(spec.confirm))) return false;
  mark(node, "busy");
  const { block_id } = block;
  const answer = await context.press({ block_id, action_id: spec.action_id, type: spec.type, ...payload });
  mark(node, answer.ok ? "" : "failed", answer.error);
  return true;
}

/** Input blocks send nothing until submitted, unless the bot asked for it (dispatch_action). */
export const sends = (block) => block.type !== "input" || block.dispatch_action === true;

function mark(node, how, error) {
  node.classList.toggle("busy", how === "busy");
  node.setAttribute("aria-busy", String(how === "busy"));
  node.querySelector(".press-failed")?.remove();
  if (how !== "failed") return;
  const why = reason(error);
  node.append(h("span", { class: "press-failed", role: "alert", title: why, "aria-label": why, "data-testid": "press-failed", "data-error": error },
    icon("warning", 16)));
}
