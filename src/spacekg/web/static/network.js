// Draws a network that can be moved, with Cytoscape. Without it there are the drawing of the server and the table.
"use strict";
{
  const button = document.getElementById("move"), drawing = document.querySelector("#drawing > .scroll");
  const { agents, ties } = JSON.parse(document.getElementById("ties").textContent);
  // Cytoscape adds a style sheet where nothing has this id, which the policy of the page refuses; style.css has its rule.
  document.querySelector("link[rel=stylesheet]").id = "__________cytoscape_stylesheet";

  // Where the layout begins: what begins in one point is moved apart by chance, so that no two drawings were alike.
  function onRing(at) {
    const turn = 2 * Math.PI * at / agents.length, radius = 30 * agents.length;
    return { x: radius * Math.sin(turn), y: -radius * Math.cos(turn) };
  }

  function elements() {
    const most = Math.max(...ties.map((tie) => tie[2]));
    return [
      ...agents.map(([name, page], at) => ({ data: { id: String(at), name, page }, position: onRing(at) })),
      ...ties.map(([one, other, together]) => ({
        data: { source: String(one), target: String(other), width: 1 + 5 * together / most },
      })),
    ];
  }

  const many = ties.length > 1000;

  function style() {
    const colours = getComputedStyle(document.documentElement), colour = (name) => colours.getPropertyValue(name).trim();
    return [
      { selector: "node", style: {
        "background-color": colour("--accent"), "color": colour("--ink"), "font-size": 15, "text-margin-y": -3,
        "width": 14, "height": 14, "text-outline-color": colour("--paper"), "text-outline-width": 2 } },
      { selector: many ? "node.near" : "node", style: { "label": "data(name)" } },
      { selector: "edge", style: {
        "line-color": colour("--edge"), "width": many ? 1 : "data(width)", "line-opacity": many ? 1 : .45,
        "curve-style": "haystack", "haystack-radius": 0, "events": "no" } },
      { selector: ".far", style: { "opacity": .12 } },
      { selector: ".still", style: { "visibility": "hidden" } },
    ];
  }

  function draw() {
    const stage = document.createElement("div");
    stage.className = "moving";
    stage.setAttribute("role", "img");
    stage.setAttribute("aria-label", `${agents.length} who work together, and ${ties.length} pairs: the table below has them as text`);
    drawing.replaceWith(stage);
    button.remove();
    const network = cytoscape({
      container: stage, elements: elements(), style: style(), minZoom: .1, maxZoom: 4,
      textureOnViewport: many, pixelRatio: 1,
      layout: many
        ? { name: "concentric", concentric: (node) => node.degree(), levelWidth: () => 4, minNodeSpacing: 14 }
        : { name: "cose", animate: false, randomize: false, nodeDimensionsIncludeLabels: true, numIter: 600, padding: 20,
            nodeRepulsion: () => 200000, idealEdgeLength: () => 100, edgeElasticity: () => 200, gravity: 2 },
    });
    if (network.zoom() > 1.3) network.zoom(1.3).center();
    network.on("tap", "node", ({ target }) => {
      const near = target.closedNeighborhood();
      network.elements().addClass("far").removeClass("near");
      near.removeClass("far").addClass("near");
    });
    network.on("tap", ({ target }) => target === network && network.elements().removeClass("far near"));
    if (many) { // While a dot of many is dragged, only its own lines are drawn anew.
      network.on("grab", "node", ({ target }) => network.edges().not(target.connectedEdges()).addClass("still"));
      network.on("free", "node", () => network.edges().removeClass("still"));
    }
    network.on("dbltap", "node", ({ target }) => { if (target.data("page")) location.href = target.data("page"); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => network.style(style()));
    stage.network = network;
    const caption = document.querySelector("#drawing > figcaption");
    caption.textContent = "The thicker the line, the more they do together. Drag the names or the ground, zoom with the wheel or two fingers; press a dot twice to open its page.";
  }

  if (window.cytoscape) {
    button.hidden = false;
    button.addEventListener("click", draw);
  }
}
