// Tables that are sorted by a press on a column's head, and turned page by page; in Slack they can be filtered too.
// https://docs.slack.dev/reference/block-kit/blocks/data-table-block

import { h, show } from "../dom.js";
import { cellNode, cellText } from "./table.js";

const PAGE_ROWS = 5;

export function dataTable(block) {
  const [head, ...rows] = block.rows ?? [];
  const view = { column: -1, down: false, page: 0 };
  const size = block.page_size ?? PAGE_ROWS;
  const box = h("div", { class: "data-table" });
  const draw = () => show(box, grid(), rows.length > size ? turner() : null);
  const change = (what) => { Object.assign(view, what); draw(); };

  const grid = () => h("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": block.caption },
    h("table", { class: "grid" }, h("caption", {}, block.caption),
      h("thead", {}, h("tr", {}, (head ?? []).map(headNode))),
      h("tbody", {}, shown().map((cells) => h("tr", {}, cells.map((cell, column) => cellNode(cell, rowTag(column), {})))))));

  const rowTag = (column) => (column === (block.row_header_column_index ?? 0) ? "th" : "td");

  const headNode = (cell, column) => {
    const here = view.column === column;
    const sort = here ? (view.down ? "descending" : "ascending") : "none";
    const press = () => change({ column, down: here && !view.down, page: 0 });
    const mark = here ? h("span", { "aria-hidden": "true" }, view.down ? " ↓" : " ↑") : null;
    return h("th", { scope: "col", "aria-sort": sort }, h("button", { type: "button", class: "sort", onclick: press }, cellText(cell), mark));
  };

  const shown = () => sorted(rows, view).slice(view.page * size, (view.page + 1) * size);

  const turner = () => {
    const last = Math.ceil(rows.length / size) - 1;
    const to = Math.min(rows.length, (view.page + 1) * size);
    const step = (label, page) => h("button", { type: "button", class: "btn", disabled: page < 0 || page > last, onclick: () => change({ page }) }, label);
    return h("div", { class: "table-pages" }, h("span", {}, `${view.page * size + 1}–${to} of ${rows.length}`), step("Previous", view.page - 1), step("Next", view.page + 1));
  };

  draw();
  return box;
}

function sorted(rows, { column, down }) {
  if (column < 0) return rows;
  const order = (a, b) => cellText(a[column]).localeCompare(cellText(b[column]), undefined, { numeric: true });
  return [...rows].sort((a, b) => (down ? -order(a, b) : order(a, b)));
}
