// The bot's App Home.

import { ask, tell } from "./api.js";
import { showBlocks } from "./blocks/index.js";
import { Values } from "./blocks/values.js";
import { h, show } from "./dom.js";
import { state } from "./state.js";

export class AppHome {
  constructor() {
    this.blocks = h("div", { class: "home-blocks" });
    this.empty = h("p", { class: "empty-note", hidden: true }, "This app has not set up its Home yet.");
    this.node = h("section", { class: "home scroller", hidden: true, role: "tabpanel", "data-testid": "app-home" }, this.blocks, this.empty);
    this.values = new Values();
    this.news = 0;
  }

  /** The person opens the Home, and the bot hears of it. */
  open() {
    return this.read({});
  }

  /** The bot published a Home. Asking with `peek` is not opening: else a bot that publishes on opening is asked for ever. */
  published(view) {
    this.news += 1;
    return view ? this.take(view, state.me) : this.read({ peek: 1 });
  }

  /** An answer that was overtaken by the live feed is older than what is shown. */
  async read(how) {
    const [as, news] = [state.me, this.news];
    const { view } = await ask("home", { as, ...how });
    if (as === state.me && news === this.news && view !== undefined) this.take(view, as);
  }

  take(view, as) {
    if (this.as !== as) {
      show(this.blocks);
      this.values = new Values(view?.state?.values);
    }
    Object.assign(this, { as, view });
    this.empty.hidden = Boolean(view);
    const context = { surface: "home", values: this.values, press: (action) => this.press(action) };
    showBlocks(this.blocks, view?.blocks ?? [], context);
  }

  press(action) {
    const values = this.values.among(this.view.blocks);
    return tell("view", { as: state.me, view_id: this.view.id, type: "action", action, state: { values } });
  }
}
