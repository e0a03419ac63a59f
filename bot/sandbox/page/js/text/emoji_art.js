// Small drawings for the emoji that a status line lives on: they look the same where no emoji font is installed.

import { svg } from "../dom.js";

const circle = (fill) => [["circle", { cx: 10, cy: 10, r: 8.5, fill }]];
const square = (fill) => [["rect", { x: 2, y: 2, width: 16, height: 16, rx: 2.5, fill }]];
const path = (d, paint) => ["path", { d, ...paint }];
const line = (stroke, width = 2) => ({ fill: "none", stroke, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" });
const eye = (x) => [
  ["ellipse", { cx: x, cy: 10, rx: 4.3, ry: 6.5, fill: "#fff", stroke: "#9a9a9a", "stroke-width": 0.8 }],
  ["circle", { cx: x - 1, cy: 11.2, r: 2.2, fill: "#3b2a24" }],
];
const glass = (x, handle) => [
  path(handle, line("#6d4c41", 3)),
  ["circle", { cx: x, cy: 8, r: 5.6, fill: "#bfe3f7", stroke: "#5b6770", "stroke-width": 1.8 }],
];
const sand = [path("M5 2h10v3.5L11.5 10 15 14.5V18H5v-3.5L8.5 10 5 5.5z", { fill: "#cfe8f5", stroke: "#8d6e63", "stroke-width": 1.4 })];
const dial = (hands) => [
  ["circle", { cx: 10, cy: 10.5, r: 7.5, fill: "#fff", stroke: "#78909c", "stroke-width": 1.8 }],
  path(hands, line("#37474f", 1.6)),
];
const thumb = (turn) => [
  ["g", { transform: turn }, [
    path("M3 9h3.5v8.5H3z", { fill: "#e0a030" }),
    path("M6.5 9.5 10 2.5c1.8 0 2.5 1.4 2.1 3L11.5 8H16c1.5 0 2 1.2 1.7 2.4l-1.5 5.8c-.3 1-.9 1.5-1.9 1.5H6.5z", { fill: "#fbc14c" }),
  ]],
];

const ART = {
  red_circle: circle("#e0344a"), large_orange_circle: circle("#f28c28"), large_yellow_circle: circle("#f5c518"),
  large_green_circle: circle("#35a853"), large_blue_circle: circle("#2f80ed"), large_purple_circle: circle("#9b51e0"),
  white_circle: [["circle", { cx: 10, cy: 10, r: 8, fill: "#f2f2f2", stroke: "#b5b5b5" }]], black_circle: circle("#333"),
  red_square: square("#e0344a"), large_orange_square: square("#f28c28"), large_yellow_square: square("#f5c518"),
  large_green_square: square("#35a853"), large_blue_square: square("#2f80ed"),
  white_check_mark: [...square("#35a853"), path("M5.5 10.5l3 3 6-7", line("#fff", 2.4))],
  heavy_check_mark: [path("M3.5 10.5l4.5 5 8.5-11", line("#35a853", 3))],
  x: [path("M4.5 4.5l11 11M15.5 4.5l-11 11", line("#e0344a", 3.4))],
  warning: [
    path("M10 2.5 18.5 17.5h-17z", { fill: "#f9c22e", stroke: "#e0a800", "stroke-linejoin": "round", "stroke-width": 1.5 }),
    path("M10 8v4.5", line("#3b2a24", 2)), ["circle", { cx: 10, cy: 15.2, r: 1.2, fill: "#3b2a24" }],
  ],
  no_entry: [...circle("#d92f3f"), ["rect", { x: 5, y: 8.3, width: 10, height: 3.4, rx: 0.8, fill: "#fff" }]],
  rotating_light: [
    path("M5 15V9.5a5 5 0 0 1 10 0V15z", { fill: "#e0344a" }), path("M3.5 15h13v3h-13z", { fill: "#5b6770" }),
    path("M10 1v1.5M3.5 3.5l1 1M16.5 3.5l-1 1", line("#f5a623", 1.6)), path("M8 12.5V9.8a2 2 0 0 1 2-2", line("#ffb3bd", 1.5)),
  ],
  eyes: [...eye(5.4), ...eye(14.6)],
  pushpin: [path("M8.5 12.5 3 18", line("#8a949b", 1.8)), path("M11.5 2.5l6 6-2 .8-2.7 2.7-.4 4L4.5 8.1l4-.4L11.2 5z", { fill: "#e0344a" })],
  round_pushpin: [path("M10 10v8", line("#8a949b", 1.8)), ["circle", { cx: 10, cy: 6.5, r: 4.8, fill: "#e0344a" }]],
  hourglass: sand,
  hourglass_flowing_sand: [...sand, path("M7.5 16.5 10 13.5l2.5 3zM8 6h4l-2 2.5z", { fill: "#e8b04b" })],
  stopwatch: [path("M8.5 1.5h3M10 1.5V4", line("#78909c", 1.8)), ...dial("M10 10.5V6.5")],
  alarm_clock: [path("M3 4.5 5.5 2.5M17 4.5l-2.5-2", line("#e0344a", 2.4)), ...dial("M10 10.5V6.5M10 10.5h3")],
  clock9: dial("M10 10.5V5.5M10 10.5H6.5"),
  ticket: [
    path("M2 5.5h16V8a2 2 0 0 0 0 4v2.5H2V12a2 2 0 0 0 0-4z", { fill: "#f2b84b" }),
    path("M12.5 6.5v7", { ...line("#b97f1a", 1.4), "stroke-dasharray": "1.5 2" }),
  ],
  satellite_antenna: [
    path("M3 8a8.5 8.5 0 0 0 9 9z", { fill: "#8fa3ad" }), path("M7.5 12.5 12 8M6 18h7M9.5 15v3", line("#5b6770", 1.6)),
    path("M13 4.5a3.5 3.5 0 0 1 3 3M13.5 1.5a6.5 6.5 0 0 1 5.5 5.5", line("#2f80ed", 1.4)),
  ],
  mag: glass(8, "M12.5 12.5 17 17"), mag_right: glass(12, "M7.5 12.5 3 17"),
  memo: [
    path("M3 2h11v16H3z", { fill: "#f7f7f7", stroke: "#a7b0b6" }), path("M5.5 6h6M5.5 9h6M5.5 12h3", line("#90a4ae", 1.2)),
    path("M9.5 14.5 17 7", line("#f2a33a", 2.6)),
  ],
  raised_hand: [path("M5 10V5.5a1.2 1.2 0 0 1 2.4 0V3.2a1.2 1.2 0 0 1 2.4 0v-.5a1.2 1.2 0 0 1 2.4 0v1a1.2 1.2 0 0 1 2.4 0v7l1.2-1.5c1-1 2.2-.2 1.6 1L14.5 16c-.8 1.6-2 2.3-4 2.3C7 18.3 5 16 5 13z", { fill: "#fbc14c", stroke: "#e0a030", "stroke-width": 0.7 })],
  tada: [
    path("M2 18 6.5 6.5l7 7z", { fill: "#f2b84b" }), path("M10.5 8c1-2 0-3.5 1-5.5M12.5 10c2-1 3.5 0 5-1.5", line("#9b51e0", 1.5)),
    ["circle", { cx: 16, cy: 4, r: 1.2, fill: "#e0344a" }], ["circle", { cx: 7, cy: 3, r: 1, fill: "#2f80ed" }], ["circle", { cx: 17, cy: 13.5, r: 1, fill: "#35a853" }],
  ],
  question: [path("M6 6.5C6 3.5 8 2.5 10 2.5s4 1.2 4 3.7c0 3-4 3-4 6", line("#e0344a", 2.8)), ["circle", { cx: 10, cy: 16.5, r: 1.7, fill: "#e0344a" }]],
  exclamation: [path("M10 3v8.5", line("#e0344a", 3.2)), ["circle", { cx: 10, cy: 16.5, r: 1.8, fill: "#e0344a" }]],
  "+1": thumb(""), thumbsup: thumb(""), "-1": thumb("rotate(180 10 10)"), thumbsdown: thumb("rotate(180 10 10)"),
  link: [path("M8.5 11.5a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5L10 5M11.5 8.5a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5L10 15", line("#7a8a94", 2))],
  palm_tree: [
    path("M9.5 18c1-4 1.5-7 .5-11", line("#a9713f", 2)), path("M10 7C7 4 4 5 2.5 8M10 7c-3 0-5 2-5 5M10 7c0-4 4-5 7.5-2M10 7c4-1 6 1 6.5 4", line("#35a853", 2.2)),
  ],
  zap: [path("M11.5 1.5 4 11.5h4.5L7 18.5l8.5-10.5H10.5z", { fill: "#f9c22e", stroke: "#e0a800", "stroke-width": 0.8 })],
  bulb: [path("M10 2a5.5 5.5 0 0 0-3 10v2h6v-2a5.5 5.5 0 0 0-3-10z", { fill: "#fbd24c" }), path("M7.5 15.5h5M8.5 17.8h3", line("#78909c", 1.5))],
  bell: [path("M10 2a5 5 0 0 0-5 5c0 5-1.5 6-2 7.5h14C16.5 13 15 12 15 7a5 5 0 0 0-5-5z", { fill: "#f2b84b" }), ["circle", { cx: 10, cy: 16.5, r: 1.8, fill: "#b97f1a" }]],
  globe_with_meridians: [["circle", { cx: 10, cy: 10, r: 8, fill: "#5aa9e6" }], path("M2 10h16M10 2c-5 5-5 11 0 16M10 2c5 5 5 11 0 16", line("#fff", 1.1))],
  chart_with_upwards_trend: [path("M2 2h16v16H2z", { fill: "#f4f6f7", stroke: "#a7b0b6" }), path("M4 14.5l4-4 3 2.5 5-7.5", line("#e0344a", 1.8))],
  raised_hands: [path("M5.5 17.5C3 15 2.5 12 3 8l1-4 1.5.5v5L7 4l1.5.5L8 12zM14.5 17.5C17 15 17.5 12 17 8l-1-4-1.5.5v5L13 4l-1.5.5.5 7.5z", { fill: "#fbc14c", stroke: "#e0a030", "stroke-width": 0.7 })],
};

/** An <svg> for this name, or null where the font's own character is used. */
export function drawing(name) {
  const shapes = ART[name];
  return shapes ? svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, shapes.map(shape)) : null;
}

function shape([tag, attributes, inner]) {
  return svg(tag, attributes, ...(inner ?? []).map(shape));
}
