// The sandbox's client API. Every answer is Slack-like: {ok, error?, …}; a lost connection is an answer too.

import { safeUrl } from "./dom.js";
import { windowId } from "./window.js";

const ROOT = "/slack/client/";
/** A question that got lost on its way must not leave the page waiting for ever. */
const ANSWER_MS = 5000;

export async function ask(method, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return answer(fetch(`${ROOT}${method}?${new URLSearchParams(given)}`, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) }));
}

export async function tell(method, body) {
  const headers = { "Content-Type": "application/json" };
  return answer(fetch(ROOT + method, { method: "POST", headers, body: JSON.stringify({ window: windowId, ...body }) }));
}

/** Puts one file where what the person says next can share it. */
export async function upload(as, file) {
  const query = new URLSearchParams({ as, name: file.name });
  return answer(fetch(`${ROOT}upload?${query}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file }));
}

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch {
    return { ok: false, error: "no_connection" };
  }
  try {
    return { ok: response.ok, ...(await response.json()) };
  } catch {
    return { ok: false, error: `http_${response.status}` };
  }
}

/** A file's address on this origin: the sandbox gives absolute ones, which may name the host differently. */
export function localAddress(address) {
  const url = new URL(address, location.href);
  const ours = url.pathname.startsWith("/slack/") || url.pathname.startsWith("/files");
  return ours ? location.origin + url.pathname + url.search : url.href;
}

/** The address of what an image block or element shows: any address, or a file of the workspace by its id or address. */
export function imageAddress(image) {
  const file = image.slack_file ?? {};
  const known = file.id ? `/slack/files/${encodeURIComponent(file.id)}/picture` : file.url;
  return safeUrl(localAddress(image.image_url ?? known ?? ""));
}

const REASONS = {
  no_connection: "The sandbox does not answer. Is it still running?",
  operation_timeout: "The bot took longer than 3 seconds to answer.",
  dispatch_failed: "The bot is not connected, so nobody received this.",
  dispatch_unknown_error: "The bot answered with something Slack does not understand.",
  is_archived: "This channel is archived.",
  not_in_channel: "You are not in this channel.",
  channel_not_found: "This channel does not exist (any more).",
  thread_not_found: "This thread does not exist (any more).",
  message_not_found: "This message does not exist (any more).",
  cant_update_message: "Only its author can edit a message.",
  cant_delete_message: "Only its author can delete a message.",
  already_reacted: "You reacted with this already.",
  too_many_reactions: "This message has too many reactions.",
  msg_too_long: "This message is too long.",
  no_text: "There is nothing to send.",
  file_upload_size_restricted: "This file is too large.",
  invalid_arguments: "The sandbox does not take this. An empty file can't be sent.",
  http_413: "This file is too large: the sandbox takes 64 MB.",
  expired_trigger_id: "The bot answered too late to open its form (3 seconds).",
};

/** What an error means for the person in front of the page. */
export function reason(error) {
  return REASONS[error] ?? `That did not work: ${String(error ?? "unknown_error").replaceAll("_", " ")}.`;
}
