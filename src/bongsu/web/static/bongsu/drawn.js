// What the four elements share: their data, their states, their table, and care with what the data says.
import { word } from "./words.js";

const TONES = ["good", "warn", "bad", "accent", "info"];

/** An element that draws its data with a library it loads by itself. A subclass has `draw(place, content)`, which
 * returns `{ destroy, restyle }`, and may have `isEmpty(content)`. */
export class Drawn extends HTMLElement {
  #drawing = null;
  #round = 0;
  #restyle = () => this.#drawing?.restyle?.();

  async connectedCallback() {
    const round = ++this.#round;
    document.addEventListener("bongsu:theme", this.#restyle);
    this.#say("loading");
    const place = document.createElement("div");
    place.className = "drawing";
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", this.getAttribute("label") ?? "");
    try {
      const content = await this.#content();
      if (round !== this.#round) return;
      if (this.isEmpty(content)) {
        this.#say("empty");
        return;
      }
      this.prepend(place);
      const drawing = await this.draw(place, content);
      if (round !== this.#round) {
        drawing.destroy();
        return;
      }
      this.#drawing = drawing;
      this.#say("ready");
    } catch (reason) {
      if (round !== this.#round) return;
      this.#clear();
      this.#say("failed", reason);
    }
  }

  disconnectedCallback() {
    this.#round += 1;
    document.removeEventListener("bongsu:theme", this.#restyle);
    this.#clear();
  }

  isEmpty() {
    return false;
  }

  async #content() {
    const source = this.getAttribute("src");
    if (source === null) return JSON.parse(this.querySelector(":scope > script[type='application/json']").textContent);
    const address = new URL(source, document.baseURI);
    if (address.origin !== location.origin) throw new Error("src is not on this site");
    const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status} for ${address.pathname}`);
    return answer.json();
  }

  #clear() {
    this.#drawing?.destroy();
    this.#drawing = null;
    for (const part of this.querySelectorAll(":scope > .drawing, :scope > .drawn-extra")) part.remove();
  }

  #say(state, reason) {
    this.dataset.state = state;
    let note = this.querySelector(":scope > .drawn-note");
    if (state === "ready") note?.remove();
    else {
      note ??= this.insertBefore(Object.assign(document.createElement("p"), { className: "drawn-note" }), this.firstChild);
      note.setAttribute("role", "status");
      note.textContent = word(state);
    }
    const fallback = this.querySelector(":scope > .fallback");
    if (fallback && state !== "loading") fallback.open = state !== "ready";
    if (state === "ready" || state === "failed") {
      this.dispatchEvent(new CustomEvent(`bongsu:${state}`, { bubbles: true, detail: reason ? { reason: String(reason) } : null }));
    }
  }
}

/** An element of text, or of parts. Never of HTML. */
export function made(name, className, ...parts) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...parts.map((part) => (part instanceof Node ? part : String(part))));
  return element;
}

/** An address that may be followed, or null: of http or https, here or elsewhere. */
export function safeAddress(href) {
  if (typeof href !== "string" || href === "") return null;
  try {
    const address = new URL(href, document.baseURI);
    return ["http:", "https:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

/** The tone, if it is one of ours. */
export function toneOf(value) {
  return TONES.includes(value) ? value : "";
}

/** A token of the stylesheet as the browser computes it now, for libraries that know no custom properties. */
export function colour(element, token) {
  const probe = made("span", "unseen");
  probe.style.color = `var(--${token})`;
  element.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  return computed;
}

/** Every colour a drawing uses, by its token. */
export function look(element) {
  const tokens = ["ink", "soft", "paper", "card", "quiet", "line", "edge", "sea", "land", "border", "link"];
  const colours = Object.fromEntries(tokens.map((token) => [token, colour(element, token)]));
  for (const tone of TONES) {
    colours[tone] = colour(element, tone);
    colours[`${tone}bg`] = colour(element, `${tone}bg`);
  }
  return { ...colours, font: getComputedStyle(element).fontFamily };
}

/** Loads a stylesheet of this site once. */
export function sheet(address) {
  const href = new URL(address, import.meta.url).href;
  const there = [...document.styleSheets].some((known) => known.href === href);
  if (there) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve });
    link.onerror = () => reject(new Error(`no stylesheet ${address}`));
    document.head.prepend(link); // before ours, which overrides it
  });
}

export { TONES };
