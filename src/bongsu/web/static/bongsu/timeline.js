// <bongsu-timeline>: what happened when, in UTC, drawn by vis-timeline.
import { Drawn, made, safeAddress, sheet, toneOf } from "./drawn.js";
import { word } from "./words.js";

// What each scale writes under its ticks, and above them.
const MINOR = {
  millisecond: { second: "2-digit", fractionalSecondDigits: 3 }, second: { second: "2-digit" }, minute: { hour: "2-digit", minute: "2-digit" }, hour: { hour: "2-digit", minute: "2-digit" },
  weekday: { weekday: "short", day: "numeric" }, day: { day: "numeric" }, week: { day: "numeric", month: "short" }, month: { month: "short" }, year: { year: "numeric" },
};
const DAY = { day: "numeric", month: "long", year: "numeric" };
const MAJOR = {
  millisecond: { ...DAY, hour: "2-digit", minute: "2-digit" }, second: { ...DAY, hour: "2-digit", minute: "2-digit" }, minute: DAY, hour: DAY,
  weekday: { month: "long", year: "numeric" }, day: { month: "long", year: "numeric" }, week: { month: "long", year: "numeric" }, month: { year: "numeric" },
};

class BongsuTimeline extends Drawn {
  isEmpty(content) {
    return !(content.items?.length > 0);
  }

  async draw(place, content) {
    const [{ DataSet, Timeline, moment }] = await Promise.all([
      import("../vendor/vis-timeline/8.5.4/vis-timeline-graph2d.min.mjs"),
      sheet("../vendor/vis-timeline/8.5.4/vis-timeline-graph2d.min.css"),
    ]);
    const items = new DataSet(content.items.map(itemOf));
    const groups = content.groups && new DataSet(content.groups.map((group, order) => ({ id: group.id, order, content: made("span", "", group.label ?? group.id) })));
    let begun;
    const first = new Promise((resolve) => { begun = resolve; });
    const timeline = new Timeline(place, items, ...(groups ? [groups] : []), {
      moment: (date) => moment(date).utc(),
      format: { minorLabels: labels(MINOR), majorLabels: labels(MAJOR) },
      groupOrder: "order",
      maxHeight: "38rem",
      margin: { item: 6, axis: 8 },
      orientation: "top",
      selectable: false,
      showCurrentTime: false,
      horizontalScroll: false,
      zoomKey: "ctrlKey",
      zoomMin: 60_000,
      showTooltips: false,
      onInitialDrawComplete: begun,
    });
    place.after(made("div", "drawn-extra", buttonsFor(timeline)));
    // The first drawing is of a window of the library's own choice; only after it is the window fitted to the items and drawn anew.
    await first;
    await new Promise((resolve) => { timeline.on("changed", resolve); timeline.redraw(); });
    return { destroy: () => timeline.destroy(), restyle: () => timeline.redraw() };
  }
}

/** An item as the library takes it: its content is an element made of text, never a string it would read as HTML. */
function itemOf(item, index) {
  const label = String(item.label ?? "");
  const address = safeAddress(item.href);
  const content = address ? Object.assign(made("a", "", label), { href: address, rel: "noopener" }) : made("span", "", label);
  return {
    id: item.id ?? `item-${index}`,
    content,
    start: item.start,
    className: toneOf(item.tone),
    ...(item.group !== undefined && { group: item.group }),
    ...(item.end ? { end: item.end, type: "range" } : { type: "box" }),
  };
}

/** Labels of an axis in the page's language, in UTC. */
function labels(formats) {
  const language = document.documentElement.lang || "en";
  return (date, scale) => {
    const format = formats[scale];
    if (!format) return "";
    return new Intl.DateTimeFormat(language, { ...format, timeZone: "UTC", hourCycle: "h23" }).format(date.toDate?.() ?? date);
  };
}

function buttonsFor(timeline) {
  const button = (name, act) => {
    const control = Object.assign(made("button", "button small", word(name)), { type: "button" });
    control.addEventListener("click", act);
    return control;
  };
  const move = (by) => {
    const { start, end } = timeline.getWindow();
    const step = (end - start) * by;
    timeline.setWindow(new Date(+start + step), new Date(+end + step), { animation: false });
  };
  return made(
    "div",
    "steps",
    button("previous", () => move(-0.4)),
    button("next", () => move(0.4)),
    button("zoomOut", () => timeline.zoomOut(0.4, { animation: false })),
    button("zoomIn", () => timeline.zoomIn(0.4, { animation: false })),
    made("span", "", "UTC"),
  );
}

customElements.define("bongsu-timeline", BongsuTimeline);
