// A picture over which a box can be chosen, of an image or a page: dragged, or written in numbers; and told as a citation.
const NUMBERS = ["left", "top", "width", "height"];
const SVG = "http://www.w3.org/2000/svg";

class Box extends HTMLElement {
  connectedCallback() {
    const image = this.querySelector("img");
    image.addEventListener("error", () => this.#fail(image));
    if (image.complete && image.naturalWidth === 0) this.#fail(image);
    const tools = this.querySelector("[data-tools]");
    if (!tools) return; // what it measures is not known
    tools.hidden = false;
    this.form = this.querySelector("form");
    this.button = this.querySelector("[data-choose]");
    this.button.addEventListener("click", () => this.#choose(this.form.hidden));
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.form.hidden) return;
      this.#choose(false);
      this.button.focus();
    });
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => {
      this.#draw();
      this.#tell();
    });
  }

  /** What the box is measured in: pixels or points, from the top left. */
  get size() {
    return { left: Number(this.getAttribute("across")), top: Number(this.getAttribute("down")) };
  }

  /** The four numbers, or null where they are no box. */
  get box() {
    const [left, top, width, height] = NUMBERS.map((name) => this.form.elements[name].valueAsNumber);
    const whole = [left, top, width, height].every(Number.isInteger);
    const lies = left >= 0 && top >= 0 && width > 0 && height > 0 && left < this.size.left && top < this.size.top;
    return whole && lies ? { left, top, width, height } : null;
  }

  #choose(on) {
    this.form.hidden = !on;
    this.button.setAttribute("aria-expanded", String(on));
    this.overlay?.remove();
    if (!on) return;
    const framed = this.querySelector(".exhibit-framed");
    framed.classList.add("as-stored"); // boxes are of the pixels as they are stored
    this.overlay = document.createElementNS(SVG, "svg");
    this.overlay.setAttribute("class", "choosing");
    this.overlay.setAttribute("viewBox", `0 0 ${this.size.left} ${this.size.top}`);
    this.overlay.setAttribute("preserveAspectRatio", "none");
    this.overlay.setAttribute("aria-hidden", "true");
    this.overlay.addEventListener("pointerdown", (event) => this.#drag(event));
    framed.append(this.overlay);
    this.#draw();
  }

  #drag(begun) {
    if (begun.button !== 0) return;
    begun.preventDefault();
    const start = this.#at(begun);
    this.overlay.setPointerCapture(begun.pointerId);
    const move = (event) => {
      const end = this.#at(event);
      for (const [side, length] of [["left", "width"], ["top", "height"]]) {
        const low = Math.min(start[side], end[side]);
        this.form.elements[side].value = low;
        this.form.elements[length].value = Math.max(start[side], end[side]) - low;
      }
      this.#draw();
    };
    const end = () => {
      this.overlay.removeEventListener("pointermove", move);
      this.#tell();
    };
    this.overlay.addEventListener("pointermove", move);
    this.overlay.addEventListener("pointerup", end, { once: true });
    this.overlay.addEventListener("pointercancel", end, { once: true });
  }

  /** Where a pointer is, in whole pixels or points within the picture. */
  #at(event) {
    const shown = this.overlay.getBoundingClientRect();
    const place = (at, from, length, size) => Math.max(0, Math.min(Math.floor(size), Math.round(((at - from) / length) * size)));
    return {
      left: place(event.clientX, shown.left, shown.width, this.size.left),
      top: place(event.clientY, shown.top, shown.height, this.size.top),
    };
  }

  #draw() {
    const { box } = this;
    this.overlay.replaceChildren(...(box ? ["under", ""] : []).map((name) => {
      const rect = document.createElementNS(SVG, "rect");
      if (name) rect.setAttribute("class", name);
      for (const [key, value] of [["x", box.left], ["y", box.top], ["width", box.width], ["height", box.height]]) rect.setAttribute(key, value);
      return rect;
    }));
  }

  #tell() {
    const { box } = this;
    this.querySelector(".box-citation").classList.toggle("told", box !== null);
    if (box === null) return;
    const exhibit = this.getAttribute("exhibit");
    const locator = `${this.getAttribute("prefix")}xywh=${NUMBERS.map((name) => box[name]).join(",")}`;
    this.querySelector("#chosen").textContent = `sha256:${exhibit}#${locator}`;
    this.#lead("[data-show]", { at: locator }, "#here");
    this.#lead("[data-use]", { exhibit, locator }, "");
  }

  #lead(selector, query, hash) {
    const link = this.querySelector(selector);
    if (link) link.href = `${link.pathname}?${new URLSearchParams(query)}${hash}`;
  }

  /** In place of a picture that did not come, what the server says of it. */
  async #fail(image) {
    const note = this.querySelector("[data-failed]");
    this.querySelector(".exhibit-framed").hidden = true;
    const tools = this.querySelector("[data-tools]");
    if (tools) tools.hidden = true;
    note.hidden = false;
    const answer = await fetch(image.src, { credentials: "same-origin" });
    const said = answer.headers.get("Content-Type") ?? "";
    if (!answer.ok && said.startsWith("text/plain")) note.querySelector("p").textContent = await answer.text();
  }
}

customElements.define("bongsu-box", Box);
