// <bongsu-chart>: a Vega-Lite specification, compiled and drawn as SVG; its expressions are interpreted, not evaluated.
import { Drawn, look } from "./drawn.js";

const NARROW_PX = 560; // below it the legend stands under the chart
let loaded;

/** Vega, Vega-Lite and the interpreter, in the order in which each finds the one before as a global. */
async function libraries() {
  await import("../vendor/vega/6.4.0/vega.min.js");
  await import("../vendor/vega-lite/6.4.3/vega-lite.min.js");
  const { expressionInterpreter } = await import("../vendor/vega-interpreter/2.3.2/vega-interpreter.js");
  return { vega: globalThis.vega, vegaLite: globalThis.vegaLite, expressionInterpreter };
}

class BongsuChart extends Drawn {
  async draw(place, content) {
    loaded ??= libraries();
    const libs = await loaded;
    let view = await this.#view(libs, place, content);
    return {
      destroy: () => view.finalize(),
      restyle: async () => {
        view.finalize();
        view = await this.#view(libs, place, content);
      },
    };
  }

  async #view({ vega, vegaLite, expressionInterpreter }, place, content) {
    const specification = { width: "container", autosize: { type: "fit", contains: "padding" }, ...content, background: "transparent" };
    const config = vega.mergeConfig(themeOf(look(place), place.clientWidth < NARROW_PX), content.config ?? {});
    const compiled = vegaLite.compile(specification, { config }).spec;
    const runtime = vega.parse({ ...compiled, description: this.getAttribute("label") ?? "" }, null, { ast: true });
    place.replaceChildren();
    const view = new vega.View(runtime, { expr: expressionInterpreter, renderer: "svg", container: place, hover: true, loader: loaderOf(vega), logLevel: vega.Error });
    await view.runAsync();
    return view;
  }
}

/** Vega's loader, held to this site. */
function loaderOf(vega) {
  const loader = vega.loader();
  const { sanitize } = loader;
  loader.sanitize = async (uri, options) => {
    const address = new URL(uri, document.baseURI);
    if (address.origin !== location.origin || !address.protocol.startsWith("http")) throw new Error("not on this site");
    return sanitize.call(loader, address.href, options);
  };
  return loader;
}

function themeOf(colours, narrow) {
  const label = { labelColor: colours.soft, titleColor: colours.soft, labelFont: colours.font, titleFont: colours.font, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 600 };
  const mark = colours.accent;
  return {
    view: { stroke: null },
    font: colours.font,
    title: { color: colours.ink, fontSize: 13, fontWeight: 600, anchor: "start" },
    axis: { ...label, domainColor: colours.edge, tickColor: colours.edge, gridColor: colours.line, tickSize: 4, labelPadding: 4, labelOverlap: true },
    legend: { ...label, symbolStrokeWidth: 2, ...(narrow && { orient: "bottom", columns: 2 }) },
    header: label,
    mark: { color: mark },
    rule: { color: colours.soft },
    text: { color: colours.ink, font: colours.font },
    line: { strokeWidth: 2 },
    area: { fillOpacity: 0.35 },
    range: {
      category: [mark, colours.info, colours.good, colours.warn, colours.soft, colours.bad],
      ordinal: [colours.accentbg, mark],
      ramp: [colours.accentbg, mark],
      heatmap: [colours.quiet, mark],
    },
  };
}

customElements.define("bongsu-chart", BongsuChart);
