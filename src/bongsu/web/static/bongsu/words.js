// The words the browser modules say by themselves: English, unless the page gives its own in #bongsu-words.
const ENGLISH = {
  copied: "Copied",
  copyFailed: "Could not copy",
  loading: "Drawing…",
  failed: "This could not be drawn. The table below holds the same.",
  empty: "Nothing to draw.",
  requestFailed: "The server did not answer. Nothing was saved; try again.",
  requestRefused: "The server refused this ({status}). Nothing on this page was changed.",
  dismiss: "Dismiss",
  open: "Open",
  previous: "Previous",
  next: "Next",
  of: "{n} of {total}",
  total: "{total} on the map",
  mapNote: "Land and borders as Natural Earth draws them, disputed ones too; no view on any border is implied.",
  mapKeys: "Arrow keys move the map, + and - zoom.",
  graphKeys: "Arrow keys go from node to node, Enter opens one.",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  close: "Close",
  scrollHint: "Use Ctrl and scroll to zoom the map",
  scrollHintMac: "Use ⌘ and scroll to zoom the map",
  touchHint: "Use two fingers to move the map",
};

let given;

/** The word of this name in the page's language; `{n}` and the like are filled from `values`. */
export function word(name, values = {}) {
  given ??= JSON.parse(document.getElementById("bongsu-words")?.textContent || "{}");
  const text = String(given[name] ?? ENGLISH[name]);
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}
