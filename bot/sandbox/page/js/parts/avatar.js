// A person's picture: the one they have, or their initials on a colour of their own.

import { h, safeUrl, svg } from "../dom.js";
import { displayName, person, state } from "../state.js";

const COLOURS = ["#1f7a8c", "#8a4f9e", "#b3541e", "#2e7d4f", "#4059ad", "#a83b5e", "#6b705c", "#7a5c1e"];

export function avatar(id, size = 36) {
  const known = person(id);
  const bot = known?.is_bot || id === state.bot.user_id;
  const holder = h("span", { class: `avatar avatar-${size}`, "aria-hidden": "true" });
  if (known?.avatar && safeUrl(known.avatar)) {
    const picture = h("img", { src: safeUrl(known.avatar), alt: "", loading: "lazy", referrerpolicy: "no-referrer" });
    picture.addEventListener("error", () => picture.remove());
    holder.append(picture);
  }
  holder.style.setProperty("--avatar", bot ? "#2b2140" : colour(id));
  holder.append(bot ? face() : h("span", { class: "initials", "data-initials": initials(displayName(id)) }));
  return holder;
}

function colour(id) {
  const place = state.people.filter((each) => !each.is_bot).findIndex((each) => each.id === id);
  const number = place >= 0 ? place : [...String(id)].reduce((sum, char) => sum + char.charCodeAt(0), 0);
  return COLOURS[number % COLOURS.length];
}

function initials(name) {
  const words = String(name ?? "?").trim().split(/[\s._-]+/);
  return (words[0]?.[0] ?? "?").concat(words.length > 1 ? words.at(-1)[0] : "").toUpperCase();
}

/** The bot's mark: a pulse line between two bars, "second line". */
function face() {
  const paint = { fill: "none", stroke: "#7fe0b8", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" };
  return svg("svg", { viewBox: "0 0 24 24", class: "bot-face" },
    svg("path", { d: "M3 7h18", ...paint, stroke: "#8d7bb8" }),
    svg("path", { d: "M3 15h4.500l2-4 3.5 8 2.5-4H21", ...paint }));
}
