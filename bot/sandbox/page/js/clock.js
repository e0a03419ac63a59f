// Times in the reader's own zone and language: message stamps, day lines, and Slack's date tokens.

const format = (options) => new Intl.DateTimeFormat(navigator.language, options);
const TIME = format({ hour: "numeric", minute: "2-digit" });
const TIME_SECONDS = format({ hour: "numeric", minute: "2-digit", second: "2-digit" });
const LONG_DAY = format({ weekday: "long", month: "long", day: "numeric" });

export const momentOf = (ts) => new Date(Number(ts) * 1000);
export const clockTime = (ts) => TIME.format(momentOf(ts));
export const dayKey = (ts) => momentOf(ts).toDateString();
export const fullTime = (ts) => `${LONG_DAY.format(momentOf(ts))} at ${TIME_SECONDS.format(momentOf(ts))}`;

const DAY_MS = 86_400_000;
let aheadMs = 0;

/** The sandbox's time, in seconds, may be ahead of this machine's. */
export function setNow(seconds) {
  aheadMs = seconds * 1000 - Date.now();
}

const nowMs = () => Date.now() + aheadMs;

/** "Today", "Yesterday", "Tomorrow" or null. */
function nearDay(moment) {
  const days = { 0: "Today", "-1": "Yesterday", 1: "Tomorrow" };
  for (const [offset, word] of Object.entries(days)) {
    if (new Date(nowMs() + Number(offset) * DAY_MS).toDateString() === moment.toDateString()) return word;
  }
  return null;
}

export function dayLabel(ts) {
  return nearDay(momentOf(ts)) ?? LONG_DAY.format(momentOf(ts));
}

/** "today at 09:14", "Oct 3 at 09:14": the end of a thread bar. */
export function lastReply(ts) {
  const near = nearDay(momentOf(ts));
  const day = near ? near.toLowerCase() : format({ month: "short", day: "numeric" }).format(momentOf(ts));
  return `${day} at ${clockTime(ts)}`;
}

const TOKENS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  day_divider_pretty: { weekday: "long", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** Slack's {date_short_pretty} at {time}: https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export function dateTokens(seconds, pattern) {
  const moment = new Date(Number(seconds) * 1000);
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => dateToken(moment, name) ?? whole);
}

function dateToken(moment, name) {
  if (name === "ago") return ago(moment);
  const plain = name.replace(/_pretty$/, "");
  if (name !== plain && nearDay(moment)) return nearDay(moment).toLowerCase();
  const options = TOKENS[name] ?? TOKENS[plain];
  return options ? format(options).format(moment) : null;
}

function ago(moment) {
  const minutes = Math.round((moment - nowMs()) / 60_000);
  const relative = new Intl.RelativeTimeFormat(navigator.language, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}
