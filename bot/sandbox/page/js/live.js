// The live connection: frames to a listener, reconnects with growing pauses, says when everything must be read again.

import { windowId } from "./window.js";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;

export class Live {
  constructor({ onFrame, onOpen, onClosed }) {
    Object.assign(this, { onFrame, onOpen, onClosed, pauseMs: FIRST_PAUSE_MS, person: null, socket: null, timer: 0 });
    window.addEventListener("online", () => this.connect());
  }

  /** Listens as this person; the connection of another person is dropped. */
  listenAs(person) {
    if (this.person === person && this.socket) return;
    this.person = person;
    this.pauseMs = FIRST_PAUSE_MS;
    this.connect();
  }

  connect() {
    if (!this.person) return;
    clearTimeout(this.timer);
    this.socket?.close();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/slack/client/live?as=${encodeURIComponent(this.person)}&window=${windowId}`);
    this.socket = socket;
    socket.onopen = () => this.socket === socket && this.opened();
    socket.onmessage = (event) => this.socket === socket && this.onFrame(JSON.parse(event.data));
    socket.onclose = () => this.socket === socket && this.closed();
  }

  opened() {
    this.pauseMs = FIRST_PAUSE_MS;
    this.onOpen();
  }

  closed() {
    this.socket = null;
    this.onClosed();
    this.timer = setTimeout(() => this.connect(), this.pauseMs * (0.75 + Math.random() / 2));
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
