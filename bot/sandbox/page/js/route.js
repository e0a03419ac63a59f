// Where the person is, kept in the address (#as=U…&channel=C…&thread=…&ts=…): two tabs can be two people, links work.

import { state } from "./state.js";

export function readRoute() {
  const hash = new URLSearchParams(location.hash.slice(1));
  const read = (name) => hash.get(name) || null;
  return { as: read("as"), channel: read("channel"), thread: read("thread"), ts: read("ts"), home: hash.get("home") === "1" };
}

export function routeAddress({ as, channel, thread, ts, home }) {
  const parts = { as, channel, thread, ts, home: home ? "1" : null };
  const given = Object.entries(parts).filter(([, value]) => value);
  return "#" + given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** Leads to a place. On a phone the list of channels covers it no longer. */
export function go(route) {
  state.drawer = false;
  const address = routeAddress(route);
  if (address === location.hash) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = address;
}

/** Changes the address without a new step in the history. */
export function settle(route) {
  history.replaceState(null, "", routeAddress(route));
}

const REMEMBERED = "second-line-as";

/** Who acted last in this browser: a permalink names no person. Null where the browser keeps nothing. */
export function lastPerson() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

export function rememberPerson(id) {
  try {
    localStorage.setItem(REMEMBERED, id);
  } catch {
    // A browser that keeps nothing shows the first person again.
  }
}

/** The place in this page that a permalink means (ours, or Slack's /archives/C…/p…), or null. */
export function placeOf(address) {
  const url = new URL(address, location.href);
  const slack = url.pathname.match(/\/archives\/([A-Z0-9]+)(?:\/p(\d+)(\d{6}))?\/?$/);
  if (slack) {
    const ts = slack[2] ? `${slack[2]}.${slack[3]}` : null;
    return { channel: slack[1], ts, thread: url.searchParams.get("thread_ts") };
  }
  if (url.origin !== location.origin || url.pathname !== location.pathname || !url.hash.includes("channel=")) return null;
  const hash = new URLSearchParams(url.hash.slice(1));
  return { channel: hash.get("channel"), ts: hash.get("ts"), thread: hash.get("thread") };
}
