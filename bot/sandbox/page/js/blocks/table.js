// Tables: the first row is the header, as in Slack. https://docs.slack.dev/reference/block-kit/blocks/table-block

import { h } from "../dom.js";
import { withEmoji } from "../text/emoji.js";
import { richText } from "./rich_text.js";

export function table(block) {
  const settings = block.column_settings ?? [];
  const row = (cells, tag) => h("tr", {}, cells.map((cell, column) => cellNode(cell, tag, settings[column] ?? {})));
  const [first, ...rest] = block.rows ?? [];
  return h("div", { class: "table-scroll", tabindex: "0", "data-scrolls": "", role: "group", "aria-label": "Table" },
    h("table", { class: "grid" }, h("thead", {}, first ? row(first, "th") : null), h("tbody", {}, rest.map((cells) => row(cells, "td")))));
}

export function cellNode(cell, tag, { align, is_wrapped: wrapped }) {
  const attributes = { "data-align": align ?? (cell.type === "raw_number" ? "right" : "left"), class: wrapped ? "wrapped" : null };
  return h(tag, attributes, cellContent(cell));
}

/** What a cell says, for sorting too. */
export function cellText(cell) {
  if (cell?.type !== "rich_text") return String(cell?.text ?? cell?.value ?? "");
  return richText(cell).textContent;
}

function cellContent(cell) {
  if (cell.type === "rich_text") return richText(cell);
  if (cell.type === "raw_number") return String(cell.text ?? cell.value ?? "");
  return withEmoji(String(cell.text ?? ""));
}
