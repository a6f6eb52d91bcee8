// <bongsu-graph>: who owns, sails and pays whom, drawn by Cytoscape.
import { Drawn, look, made, safeAddress, TONES, toneOf } from "./drawn.js";
import { word } from "./words.js";

const LAYOUTS = ["cose", "breadthfirst", "concentric", "circle", "grid"];
const SHAPES = {
  person: "ellipse",
  firm: "round-rectangle",
  vessel: "pentagon",
  bank: "diamond",
  place: "triangle",
  document: "rectangle",
  case: "hexagon",
};
// Cytoscape adds a <style> of one rule unless an element of this id is there; site.css has the rule.
const STYLE_ID = "__________cytoscape_stylesheet";

class BongsuGraph extends Drawn {
  isEmpty(content) {
    return !(content.nodes?.length > 0);
  }

  async draw(place, content) {
    if (!document.getElementById(STYLE_ID)) document.head.append(Object.assign(document.createElement("meta"), { id: STYLE_ID }));
    const { default: cytoscape } = await import("../vendor/cytoscape/3.35.0/cytoscape.esm.min.mjs");
    const chosen = this.getAttribute("layout");
    const graph = cytoscape({
      container: place,
      elements: elementsOf(content),
      style: styleOf(look(place)),
      layout: layoutOf(LAYOUTS.includes(chosen) ? chosen : "cose"),
      minZoom: 0.15,
      maxZoom: 3,
      userZoomingEnabled: false, // the wheel scrolls the page; the buttons zoom
      boxSelectionEnabled: false,
      selectionType: "single",
    });
    laid(graph, place);
    graph.on("tap", "node", (event) => follow(event.target));
    graph.on("mouseover", "node[href]", () => (place.style.cursor = "pointer"));
    graph.on("mouseout", "node", () => (place.style.cursor = ""));
    place.after(made("div", "drawn-extra", keysFor(graph, place)));
    const sized = new ResizeObserver(() => fitted(graph.resize()));
    sized.observe(place);
    return {
      destroy: () => {
        sized.disconnect();
        graph.destroy();
      },
      restyle: () => graph.style(styleOf(look(place))),
    };
  }
}

function elementsOf(content) {
  const known = new Set(content.nodes.map((node) => String(node.id)));
  // Begun on a circle in the order they came, so that the same data gives the same picture.
  const angle = (2 * Math.PI) / content.nodes.length;
  const nodes = content.nodes.map((node, index) => ({
    position: { x: 200 * Math.cos(index * angle), y: 200 * Math.sin(index * angle) },
    data: {
      id: String(node.id),
      label: String(node.label ?? node.id),
      shape: Object.hasOwn(SHAPES, node.kind) ? SHAPES[node.kind] : "ellipse",
      tone: toneOf(node.tone),
      ...(safeAddress(node.href) && { href: safeAddress(node.href) }),
    },
  }));
  const edges = (content.edges ?? [])
    .filter((edge) => known.has(String(edge.source)) && known.has(String(edge.target)))
    .map((edge) => ({
      data: {
        source: String(edge.source),
        target: String(edge.target),
        label: String(edge.label ?? ""),
        tone: toneOf(edge.tone),
        line: edge.dashed ? "dashed" : "solid",
      },
    }));
  return { nodes, edges };
}

function layoutOf(name) {
  const apart = {
    cose: { nodeRepulsion: () => 9000, idealEdgeLength: () => 60, nodeOverlap: 12, gravity: 0.6 },
    breadthfirst: { directed: true, spacingFactor: 1.1 },
  };
  return { name, animate: false, fit: false, nodeDimensionsIncludeLabels: true, randomize: false, ...apart[name] };
}

/** Turns a graph that stands upright in a lying frame, or the other way round; then fits it. */
function laid(graph, place) {
  const box = graph.elements().boundingBox();
  if (box.w < box.h !== place.clientWidth < place.clientHeight) {
    graph.nodes().positions((node) => ({ x: node.position("y"), y: node.position("x") }));
  }
  fitted(graph);
}

/** Fits the frame; what is small is not blown up. */
function fitted(graph) {
  graph.fit(undefined, 24);
  if (graph.zoom() > 1.4) graph.zoom(1.4).center();
}

function styleOf(colours) {
  const text = { "font-family": colours.font, "font-size": 12, color: colours.ink };
  const toned = TONES.flatMap((tone) => [
    { selector: `node[tone = "${tone}"]`, style: { "background-color": colours[`${tone}bg`], "border-color": colours[tone] } },
    { selector: `edge[tone = "${tone}"]`, style: { "line-color": colours[tone], "target-arrow-color": colours[tone] } },
  ]);
  return [
    {
      selector: "node",
      style: {
        ...text, label: "data(label)", shape: "data(shape)", width: 30, height: 30, "background-color": colours.quiet, "border-color": colours.edge, "border-width": 2,
        "text-valign": "bottom", "text-margin-y": 5, "text-wrap": "wrap", "text-max-width": 130, "text-outline-color": colours.card, "text-outline-width": 2,
      },
    },
    {
      selector: "edge",
      style: {
        ...text, label: "data(label)", "font-size": 11, color: colours.soft, width: 1.5, "line-style": "data(line)", "line-color": colours.edge, "target-arrow-color": colours.edge, "target-arrow-shape": "triangle",
        "curve-style": "bezier", "text-background-color": colours.card, "text-background-opacity": 1, "text-background-padding": 2,
      },
    },
    ...toned,
    { selector: "node:selected", style: { "border-width": 4, "border-color": colours.ink } },
  ];
}

function follow(node) {
  const address = node.data("href");
  if (address) location.assign(address);
}

/** Zoom buttons, and the keys: arrows choose a node, Enter follows it; the chosen one is said. */
function keysFor(graph, place) {
  const said = made("span", "", word("graphKeys"));
  said.setAttribute("role", "status");
  place.tabIndex = 0;
  let at = -1;
  place.addEventListener("keydown", (event) => {
    const nodes = graph.nodes();
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by) {
      at = at < 0 ? 0 : (at + by + nodes.length) % nodes.length;
      nodes.unselect();
      nodes[at].select();
      said.textContent = word("of", { n: at + 1, total: nodes.length }) + `: ${nodes[at].data("label")}`;
      event.preventDefault();
    } else if (event.key === "Enter" && at >= 0) follow(nodes[at]);
  });
  const zoom = (name, by) => {
    const button = Object.assign(made("button", "button small", word(name)), { type: "button" });
    button.addEventListener("click", () => graph.zoom({ level: graph.zoom() * by, renderedPosition: { x: place.clientWidth / 2, y: place.clientHeight / 2 } }));
    return button;
  };
  return made("div", "steps", zoom("zoomOut", 0.8), zoom("zoomIn", 1.25), said);
}

customElements.define("bongsu-graph", BongsuGraph);
