// The lineage picture beyond what links can do: zoom, dragging, and keys. Without this file the picture scrolls and
// every link works; with it the arrow keys move along edges and one Tab stop leads into the picture.
const canvas = () => document.getElementById("canvas");
const picture = () => document.querySelector("svg[data-picture]");
const nodes = () => [...picture().querySelectorAll("a[data-node]")];
const smallest = 0.4;
const largest = 2.5;
let zoom = 1;

// ---- zoom ----

function setZoom(next, atX, atY) {
  const svg = picture();
  const box = canvas();
  if (!svg || !box) return;
  const view = svg.viewBox.baseVal;
  const before = zoom;
  zoom = Math.min(largest, Math.max(smallest, next));
  const x = atX ?? box.clientWidth / 2;
  const y = atY ?? box.clientHeight / 2;
  const left = (box.scrollLeft + x) * (zoom / before) - x;
  const top = (box.scrollTop + y) * (zoom / before) - y;
  svg.setAttribute("width", view.width * zoom);
  svg.setAttribute("height", view.height * zoom);
  box.scrollTo(left, top);
}

function fit() {
  const view = picture().viewBox.baseVal;
  const box = canvas();
  setZoom(Math.min(1, box.clientWidth / view.width, Math.max(box.clientHeight, 320) / view.height));
}

const zooms = { in: () => setZoom(zoom * 1.25), out: () => setZoom(zoom / 1.25), fit };

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) zooms[button.dataset.zoom]();
});

document.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey || !event.target.closest?.("#canvas")) return;
    event.preventDefault();
    const box = canvas().getBoundingClientRect();
    setZoom(zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1), event.clientX - box.left, event.clientY - box.top);
  },
  { passive: false },
);

// ---- dragging the ground; links keep their clicks ----

let drag = null;

document.addEventListener("pointerdown", (event) => {
  const box = event.target.closest?.("#canvas");
  if (!box || event.button !== 0 || event.pointerType === "touch" || event.target.closest("a")) return;
  drag = { x: event.clientX, y: event.clientY, left: box.scrollLeft, top: box.scrollTop };
  box.classList.add("dragging");
});

document.addEventListener("pointermove", (event) => {
  if (drag) canvas().scrollTo(drag.left + drag.x - event.clientX, drag.top + drag.y - event.clientY);
});

document.addEventListener("pointerup", () => {
  drag = null;
  canvas()?.classList.remove("dragging");
});

// ---- keys ----

function middle(node) {
  const box = node.getBBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

// along lists the nodes that an edge leads to from here, or comes from.
function along(node, forward) {
  const here = node.dataset.node;
  const ids = new Set();
  for (const edge of picture().querySelectorAll("path[data-from]")) {
    if (forward && edge.dataset.from === here) ids.add(edge.dataset.to);
    if (!forward && edge.dataset.to === here) ids.add(edge.dataset.from);
  }
  return nodes().filter((other) => ids.has(other.dataset.node));
}

// closest picks the candidate with the least distance; sideways steps count double.
function closest(from, candidates, vertical) {
  const weigh = (to) => {
    const dx = Math.abs(to.x - from.x);
    const dy = Math.abs(to.y - from.y);
    return vertical ? dy + 4 * dx : dx + 2 * dy;
  };
  let best = null;
  for (const node of candidates) {
    const distance = weigh(middle(node));
    if (best === null || distance < best.distance) best = { node, distance };
  }
  return best?.node;
}

function neighbour(node, key) {
  const from = middle(node);
  const others = nodes().filter((other) => other !== node);
  if (key === "ArrowRight" || key === "ArrowLeft") {
    const forward = key === "ArrowRight";
    const beyond = others.filter((other) => (forward ? middle(other).x > from.x + 20 : middle(other).x < from.x - 20));
    const linked = along(node, forward);
    return closest(from, linked.length > 0 ? linked : beyond, false);
  }
  const below = key === "ArrowDown";
  const stack = others.filter((other) => {
    const to = middle(other);
    return Math.abs(to.x - from.x) < 120 && (below ? to.y > from.y + 2 : to.y < from.y - 2);
  });
  return closest(from, stack, true);
}

// rove leaves one Tab stop in the picture: the node that was left last, else the start.
function rove(current) {
  for (const node of nodes()) node.setAttribute("tabindex", node === current ? "0" : "-1");
}

function unfold(node) {
  const handles = nodes().filter((other) => other.classList.contains("handle"));
  const handle = handles.find((other) => other.dataset.node.startsWith(`${node.dataset.node}-`));
  if (!handle) return false;
  handle.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, button: 0 }));
  return true;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const node = event.target.closest?.("svg[data-picture] a[data-node]");
  if (!node && event.target !== canvas()) return;
  if (node && event.key.startsWith("Arrow")) {
    const next = neighbour(node, event.key);
    event.preventDefault();
    if (!next) return;
    rove(next);
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    return;
  }
  if (document.documentElement.dataset.keys === "off") return;
  if (event.key === "+" && !(node && unfold(node))) zooms.in();
  if (event.key === "-") zooms.out();
  if (event.key === "0") setZoom(1);
  if (event.key === "Escape") document.querySelector("a[data-unfocus]")?.click();
}

document.addEventListener("keydown", onKey);

// ---- time ----

document.addEventListener("input", (event) => {
  const bar = event.target.closest("[data-time]");
  if (!bar || event.target.type !== "range") return;
  const link = versionLink(bar, event.target);
  if (link) bar.querySelector("[data-time-label]").textContent = link.firstChild.textContent.trim();
});

document.addEventListener("change", (event) => {
  const bar = event.target.closest("[data-time]");
  if (bar && event.target.type === "range") versionLink(bar, event.target)?.click();
});

// versionLink finds the link of the chosen version; the list runs from the newest to the oldest.
function versionLink(bar, range) {
  const links = bar.querySelectorAll(".version-list a");
  return links[Number(range.max) - Number(range.value)];
}

// ---- begin, and begin again when the picture was replaced ----

function begin() {
  const svg = picture();
  if (!svg) return;
  document.querySelector(".lin-zoom")?.removeAttribute("hidden");
  rove(svg.querySelector("a.root") ?? nodes()[0]);
  if (zoom !== 1) setZoom(zoom);
}

// center shows the start of the picture where it is wider than the screen.
function center() {
  const root = picture()?.querySelector("a.root");
  if (!root) return;
  const box = root.getBBox();
  canvas().scrollTo(box.x + box.width / 2 - canvas().clientWidth / 2, box.y + box.height / 2 - canvas().clientHeight / 2);
}

document.addEventListener("htmx:after:swap", begin);
begin();
center();
