// Line icons, drawn here so that nothing is fetched.

import { svg } from "../dom.js";

const PATHS = {
  archive: "M3 5h14v3H3zM4.5 8v8h11V8M8 11h4",
  back: "M12 4l-6 6 6 6",
  bold: "M6 4h5a3 3 0 0 1 0 6H6zM6 10h6a3 3 0 0 1 0 6H6z",
  chevron: "M6 8l4 4 4-4",
  clip: "M15.5 9.5l-5.8 5.8a3.7 3.7 0 0 1-5.2-5.2l6.5-6.5a2.5 2.5 0 0 1 3.5 3.5l-6.3 6.3a1.2 1.2 0 0 1-1.7-1.7l5.3-5.3",
  close: "M5 5l10 10M15 5L5 15",
  code: "M7 6l-4 4 4 4M13 6l4 4-4 4",
  download: "M10 3v10M6 9.5l4 4 4-4M4 17h12",
  edit: "M4 16l1-4 8.5-8.5 3 3L8 15z",
  emoji: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM7 8v.5M13 8v.5M6.5 11.5a4 4 0 0 0 7 0",
  file: "M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M7.5 10h5M7.5 13h5",
  check: "M4 10.5l4 4 8-9",
  dot: "M10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  globe: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM2.5 10h15M10 2.5c-5 5-5 10 0 15M10 2.5c5 5 5 10 0 15",
  hash: "M7.5 3l-1.5 14M14 3l-1.5 14M4 7.5h13M3 12.5h13",
  italic: "M9 4h5M6 16h5M12 4L8.5 16",
  list: "M8 5h9M8 10h9M8 15h9M3.5 5h.5M3.5 10h.5M3.5 15h.5",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  mention: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM13 7v4.5a2 2 0 0 0 4 0V10a7 7 0 1 0-3 5.7",
  more: "M10 4.5v.01M10 10v.01M10 15.5v.01",
  pin: "M8 12l-5 5M11.5 3l5.5 5.5-2 .7-2.7 2.6-.4 3.6L4.6 8.1l3.6-.4L10.8 5z",
  plus: "M10 4v12M4 10h12",
  quote: "M4 4v12M8 6h9M8 10h9M8 14h6",
  reply: "M3.5 4h13v9.5H9L5.5 17v-3.5h-2z",
  search: "M13 8.5a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM12 12l5 5",
  send: "M3 3.5l14.5 6.5L3 16.5l1.5-6.5zM4.5 10H11",
  slash: "M4 3.5h12a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM12 6.5l-4 7",
  strike: "M14 6.5C13 3.5 6.5 3.5 6.5 7c0 1.5 1 2.5 3.5 3M6 13.5c1 3 8 3 8-.5M3.5 10h13",
  warning: "M10 3L18 17H2zM10 8v4M10 14.5v.3",
  bolt: "M11 2.5L4.5 11.5H9.5L8.5 17.5l7-9.5H10.5z",
};

export function icon(name, size = 20) {
  const attributes = { viewBox: "0 0 20 20", width: size, height: size, class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false" };
  return svg("svg", attributes, svg("path", { d: PATHS[name] }));
}
