// Block Kit as DOM. A context says where the blocks are: {surface, values, press(action), channel}.

import { h, reconcile } from "../dom.js";
import { imageAddress } from "../api.js";
import { markdown } from "../text/markdown.js";
import { textObject } from "../text/mrkdwn.js";
import { dataTable } from "./data_table.js";
import { element } from "./elements.js";
import { inputBlock } from "./input.js";
import { richText } from "./rich_text.js";
import { table } from "./table.js";

/** Shows `blocks` in `parent`; unchanged ones are left as they are. */
export function showBlocks(parent, blocks, context) {
  const focus = focusIn(parent);
  reconcile(parent, blocks.map((block, at) => ({
    key: block.block_id ?? `#${at}`,
    print: JSON.stringify(block),
    make: () => blockNode(block, context),
  })));
  if (focus && !parent.contains(document.activeElement)) giveFocus(parent, focus);
}

/** Which element has the focus, in words that survive its being made anew. */
function focusIn(parent) {
  const now = document.activeElement;
  if (!parent.contains(now)) return null;
  const { selectionStart: from, selectionEnd: to } = now;
  const action = now.closest("[data-action-id]")?.dataset.actionId;
  return { block: now.closest("[data-block-id]")?.dataset.blockId, action, option: now.closest(".choice") ? now.dataset.value : null, from, to };
}

function giveFocus(parent, { block, action, option, from, to }) {
  if (!block || !action) return;
  const place = `[data-block-id="${CSS.escape(block)}"] [data-action-id="${CSS.escape(action)}"]`;
  const inside = option ? `[data-value="${CSS.escape(option)}"]` : "";
  const node = inside ? parent.querySelector(`${place} ${inside}`) ?? parent.querySelector(`${place} input`) : parent.querySelector(place);
  node?.focus({ preventScroll: true });
  if (node?.setSelectionRange && Number.isInteger(from)) node.setSelectionRange(from, to);
}

function blockNode(block, context) {
  const make = BLOCKS[block.type] ?? unsupported;
  const node = make(block, context);
  node.classList.add("block", `block-${block.type}`);
  if (block.block_id) node.dataset.blockId = block.block_id;
  return node;
}

const BLOCKS = {
  section, header, context: contextBlock, actions, image, table, data_table: dataTable,
  divider: () => h("hr", { role: "separator" }),
  input: inputBlock,
  rich_text: (block) => richText(block),
  markdown: (block) => h("div", { class: "md" }, markdown(block.text)),
};

function section(block, context) {
  const fields = (block.fields ?? []).map((each) => h("div", { class: "field" }, textObject(each)));
  return h("div", {},
    h("div", { class: "section-text" },
      block.text ? h("div", { class: "section-main" }, textObject(block.text)) : null,
      fields.length ? h("div", { class: "fields" }, fields) : null),
    block.accessory ? h("div", { class: "accessory" }, element(block.accessory, block, context)) : null);
}

function header(block) {
  return h("h3", {}, textObject(block.text));
}

function contextBlock(block, context) {
  const parts = (block.elements ?? []).map((each) =>
    each.type === "image" ? element(each, block, context) : h("span", { class: "context-text" }, textObject(each)));
  return h("div", {}, parts);
}

function actions(block, context) {
  return h("div", {}, (block.elements ?? []).map((each) => element(each, block, context)));
}

function image(block) {
  const address = imageAddress(block);
  const title = block.title ? h("figcaption", {}, textObject(block.title)) : null;
  return h("figure", {}, title, h("img", { src: address, alt: block.alt_text ?? "", loading: "lazy", referrerpolicy: "no-referrer" }));
}

function unsupported(block) {
  return h("p", { class: "unsupported", "data-testid": "unsupported-block" }, `Unsupported block: ${block.type}`);
}
