// What every page has: htmx, the theme, copying, dialogs, messages, keys; and the elements, when a page has one.
import htmx from "../vendor/htmx.org/4.0.1/htmx.esm.min.js";
import { word } from "./words.js";

const ELEMENTS = {
  "bongsu-map": () => import("./map.js"),
  "bongsu-graph": () => import("./graph.js"),
  "bongsu-chart": () => import("./chart.js"),
  "bongsu-timeline": () => import("./timeline.js"),
  "bongsu-box": () => import("./box.js"),
};
const SAFE = ["GET", "HEAD", "OPTIONS"];
const WHOLE_PAGES = [400, 401, 403, 404, 405, 410, 413, 415, 429];
const FADES_AFTER_MS = 6000;
const SECOND_KEY_WITHIN_MS = 1500;

/** Loads the module of each element that the page has now. */
function wake() {
  for (const [name, load] of Object.entries(ELEMENTS)) {
    if (!customElements.get(name) && document.querySelector(name)) load();
  }
  for (const toast of document.querySelectorAll(".toast[data-fades]:not([data-fading])")) {
    toast.dataset.fading = "";
    setTimeout(() => toast.remove(), FADES_AFTER_MS);
  }
}

function markThemes() {
  const chosen = document.documentElement.dataset.theme ?? "system";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}

function chooseTheme(button) {
  try {
    if (button.dataset.themeChoice === "system") localStorage.removeItem("bongsu-theme");
    else localStorage.setItem("bongsu-theme", button.dataset.themeChoice);
  } catch {
    return; // storage is refused: the choice could not be kept, so it is not made
  }
  document.dispatchEvent(new Event("bongsu:theme-chosen"));
}

async function copy(button) {
  const before = button.textContent;
  const source = button.dataset.copyFrom;
  const text = source ? document.getElementById(source)?.textContent.trim() : button.dataset.copy;
  let done = true;
  try {
    await navigator.clipboard.writeText(text ?? "");
  } catch {
    done = false; // not a secure context, or refused
  }
  button.textContent = word(done ? "copied" : "copyFailed");
  button.classList.toggle("done", done);
  toastless(button.textContent);
  setTimeout(() => {
    button.textContent = before;
    button.classList.remove("done");
  }, 2000);
}

/** Says a word to screen readers alone. */
function toastless(text) {
  let region = document.getElementById("bongsu-said");
  if (!region) {
    region = Object.assign(document.createElement("p"), { id: "bongsu-said", className: "unseen" });
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = text;
}

/** Shows a message of ours beside those of the server. */
function toast(text, tone) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const message = Object.assign(document.createElement("div"), { className: `toast ${tone}` });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: word("dismiss") });
  button.dataset.dismiss = "";
  message.append(Object.assign(document.createElement("span"), { textContent: text }), button);
  region.append(message);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-theme-choice], [data-copy], [data-copy-from], [data-opens], [data-closes], [data-dismiss]");
  if (!button) return;
  const { themeChoice, copy: text, copyFrom, opens, closes, dismiss } = button.dataset;
  if (themeChoice !== undefined) chooseTheme(button);
  else if (text !== undefined || copyFrom !== undefined) copy(button);
  else if (opens !== undefined) document.getElementById(opens)?.showModal?.();
  else if (closes !== undefined) button.closest("dialog")?.close();
  else if (dismiss !== undefined) button.closest(".toast")?.remove();
});

let firstKey = "";
let firstAt = 0;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, select, textarea, [contenteditable], .drawing") || document.querySelector("dialog[open]")) return;
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && search) {
    const menu = search.closest("details");
    if (menu && !search.checkVisibility()) menu.open = true;
    search.focus();
    event.preventDefault();
  } else if (event.key === "?") document.getElementById("help")?.showModal?.();
  else {
    const both = event.timeStamp - firstAt < SECOND_KEY_WITHIN_MS ? `${firstKey} ${event.key}` : "";
    [firstKey, firstAt] = [event.key, event.timeStamp];
    const link = [...document.querySelectorAll("[data-keys]")].find((known) => known.dataset.keys === both);
    if (link) link.click();
  }
});

document.addEventListener("bongsu:theme", markThemes);

// htmx: nothing it would have to evaluate is used on our pages, and the policy refuses it if it were.
document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  const token = document.querySelector("meta[name='csrf-token']")?.content;
  if (token && !SAFE.includes(request.method.toUpperCase())) request.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:error", () => toast(word("requestFailed"), "bad"));
document.addEventListener("htmx:after:swap", () => {
  wake();
  markThemes();
});
document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status >= 500 || WHOLE_PAGES.includes(status)) toast(word("requestRefused", { status }), "bad");
});
htmx.config.defaultTimeout = 30_000;
// htmx 4 puts every answer on the page, an error's too. These are whole pages; a form that is sent back comes with 422.
htmx.config.noSwap = [204, 304, ...WHOLE_PAGES, "5xx"];

wake();
markThemes();
