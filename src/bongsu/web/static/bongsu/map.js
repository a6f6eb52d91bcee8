// <bongsu-map>: features over our own land, drawn by MapLibre. No tile, glyph or sprite comes from anywhere.
import { Drawn, look, made, safeAddress, sheet, TONES, toneOf } from "./drawn.js";
import { word } from "./words.js";

const WORKER = new URL("../vendor/maplibre-gl/6.17.0/maplibre-gl-worker.mjs", import.meta.url).href;
const LAND = new URL("../vendor/world-atlas/2.0.2/land.json", import.meta.url).href;
const BORDERS = new URL("../vendor/world-atlas/2.0.2/borders.json", import.meta.url).href;
const OURS = ["title", "href", "tone", "label"];
const UPPERMOST_FIRST = ["points", "lines", "gaps", "areas"]; // a click is for one only

class BongsuMap extends Drawn {
  isEmpty(content) {
    return !(content.features?.length > 0);
  }

  async draw(place, content) {
    const [library] = await Promise.all([
      import("../vendor/maplibre-gl/6.17.0/maplibre-gl.mjs"),
      sheet("../vendor/maplibre-gl/6.17.0/maplibre-gl.css"),
    ]);
    library.setWorkerUrl(WORKER);
    const features = content.features.filter((feature) => feature?.geometry).map(numbered);
    const map = new library.Map({
      container: place,
      style: styleOf(look(place), features),
      bounds: boundsOf(this.getAttribute("bounds"), features),
      fitBoundsOptions: { padding: 48, maxZoom: 8 },
      maxZoom: 14,
      attributionControl: false,
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true }, // so that paper shows it
      locale: wordsOfTheMap(this.getAttribute("label")),
    });
    map.keyboard.disableRotation();
    map.touchZoomRotate.disableRotation();
    map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new library.ScaleControl({ unit: "nautical" }), "bottom-left");
    const shown = new Shown(library, map, features);
    const extra = made("div", "drawn-extra", shown.steps(), made("p", "meta", `${word("mapNote")} ${word("mapKeys")}`));
    place.after(extra);
    await new Promise((resolve, reject) => {
      map.once("idle", resolve);
      map.on("error", (event) => reject(event.error));
    });
    return { destroy: () => map.remove(), restyle: () => repaint(map, look(place)) };
  }
}

/** The popup, and the way from feature to feature by click or by key. */
class Shown {
  #at = -1;

  constructor(library, map, features) {
    Object.assign(this, { library, map, features });
    for (const layer of UPPERMOST_FIRST) {
      map.on("click", layer, (event) => {
        if (event.originalEvent.handledByBongsu) return;
        event.originalEvent.handledByBongsu = true;
        this.show(event.features[0].properties._number, event.lngLat, true);
      });
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    }
  }

  show(number, where, focus) {
    this.popup?.remove();
    this.#at = number;
    const { properties } = this.features[number];
    this.popup = new this.library.Popup({ maxWidth: "none", focusAfterOpen: focus })
      .setLngLat(where)
      .setDOMContent(popupOf(properties))
      .addTo(this.map);
    this.said.textContent = `${word("of", { n: number + 1, total: this.features.length })}: ${properties.title ?? ""}`;
  }

  steps() {
    this.said = made("span", "", word("total", { total: this.features.length }));
    this.said.setAttribute("role", "status");
    const button = (name, by) => {
      const control = Object.assign(made("button", "button small", word(name)), { type: "button" });
      control.addEventListener("click", () => this.#step(by));
      return control;
    };
    const bar = made("div", "steps", button("previous", -1), this.said, button("next", 1));
    bar.hidden = this.features.length === 0;
    return bar;
  }

  #step(by) {
    const total = this.features.length;
    const number = this.#at < 0 ? (by > 0 ? 0 : total - 1) : (this.#at + by + total) % total;
    const where = middleOf(this.features[number].geometry);
    this.map.jumpTo({ center: where });
    this.show(number, where, false);
  }
}

/** What a popup shows: a heading, each property as text, and the way on. */
function popupOf(properties) {
  const rows = Object.entries(properties).filter(([name]) => !OURS.includes(name) && !name.startsWith("_"));
  const facts = made("dl", "facts");
  for (const [name, value] of rows) facts.append(made("dt", "", name), made("dd", "", textOf(value)));
  const parts = [facts];
  if (properties.title) parts.unshift(made("h3", "", textOf(properties.title)));
  const address = safeAddress(properties.href);
  if (address) parts.push(Object.assign(made("a", "", word("open")), { href: address, rel: "noopener" }));
  return made("div", "popup", ...parts);
}

function textOf(value) {
  return value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The feature with a number by which a click finds it again. */
function numbered(feature, index) {
  return { ...feature, properties: { ...feature.properties, tone: toneOf(feature.properties?.tone), _number: index } };
}

function pointsOf(geometry) {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(pointsOf);
  const flat = (part) => (typeof part[0] === "number" ? [part] : part.flatMap(flat));
  return flat(geometry.coordinates);
}

function middleOf(geometry) {
  const points = pointsOf(geometry);
  if (geometry.type === "LineString") return points[Math.floor(points.length / 2)].slice(0, 2);
  const [west, south, east, north] = around(points);
  return [(west + east) / 2, (south + north) / 2];
}

function around(points) {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [longitude, latitude] of points) {
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
  }
  return [west, south, east, north];
}

function boundsOf(given, features) {
  const numbers = (given ?? "").split(",").map(Number);
  if (numbers.length === 4 && numbers.every(Number.isFinite)) return numbers;
  return around(features.flatMap((feature) => pointsOf(feature.geometry)));
}

const toned = (colours, otherwise) => ["match", ["get", "tone"], ...TONES.flatMap((tone) => [tone, colours[tone]]), otherwise];
const only = (...types) => ["in", ["geometry-type"], ["literal", types]];

/** The paints that follow the theme, by layer. */
function paints(colours) {
  const tone = toned(colours, colours.link);
  return {
    sea: { "background-color": colours.sea },
    land: { "fill-color": colours.land },
    borders: { "line-color": colours.border, "line-width": 0.8, "line-dasharray": [3, 2] },
    areas: { "fill-color": tone, "fill-opacity": 0.18 },
    edges: { "line-color": tone, "line-width": 1.2 },
    lines: { "line-color": tone, "line-width": 2.2 },
    gaps: { "line-color": tone, "line-width": 1.6, "line-dasharray": [2, 2.5] },
    points: { "circle-color": tone, "circle-radius": 6, "circle-stroke-color": colours.card, "circle-stroke-width": 2 },
    labels: { "text-color": colours.ink, "text-halo-color": colours.sea, "text-halo-width": 1.6 },
  };
}

function styleOf(colours, features) {
  const paint = paints(colours);
  const layer = (id, type, source, more = {}) => ({ id, type, ...(source && { source }), paint: paint[id], ...more });
  const face = colours.font.split(",")[0].trim().replace(/^["']|["']$/g, "");
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: LAND, tolerance: 0.2 },
      borders: { type: "geojson", data: BORDERS, tolerance: 0.2 },
      features: { type: "geojson", data: { type: "FeatureCollection", features } },
    },
    layers: [
      layer("sea", "background"),
      layer("land", "fill", "land"),
      layer("borders", "line", "borders"),
      layer("areas", "fill", "features", { filter: only("Polygon", "MultiPolygon") }),
      layer("edges", "line", "features", { filter: only("Polygon", "MultiPolygon") }),
      layer("gaps", "line", "features", { filter: ["all", ["has", "_dashed"], only("LineString", "MultiLineString")] }),
      layer("lines", "line", "features", { filter: ["all", ["!", ["has", "_dashed"]], only("LineString", "MultiLineString")], layout: { "line-join": "round", "line-cap": "round" } }),
      layer("points", "circle", "features", { filter: only("Point", "MultiPoint") }),
      layer("labels", "symbol", "features", {
        filter: ["all", ["has", "label"], only("Point", "MultiPoint")],
        layout: { "text-field": ["to-string", ["get", "label"]], "text-font": [face], "text-size": 13, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.8, "text-justify": "auto" },
      }),
    ],
  };
}

function repaint(map, colours) {
  for (const [layer, values] of Object.entries(paints(colours))) {
    for (const [name, value] of Object.entries(values)) map.setPaintProperty(layer, name, value);
  }
}

function wordsOfTheMap(label) {
  return {
    "Map.Title": label ?? "",
    "NavigationControl.ZoomIn": word("zoomIn"),
    "NavigationControl.ZoomOut": word("zoomOut"),
    "Popup.Close": word("close"),
    "CooperativeGesturesHandler.WindowsHelpText": word("scrollHint"),
    "CooperativeGesturesHandler.MacHelpText": word("scrollHintMac"),
    "CooperativeGesturesHandler.MobileHelpText": word("touchHint"),
  };
}

customElements.define("bongsu-map", BongsuMap);
