// Single keys: "/" to the search box, "?" for the sheet of keys, "g" and a letter to go somewhere.
// A reader can switch them off (WCAG 2.1.4); the server then writes data-keys="off" on <html>.
const enabled = () => document.documentElement.dataset.keys !== "off";
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
let waitsForTarget = false;

function focusSearch() {
  const box = document.querySelector("main input[type=search][name=q]") || document.querySelector(".top-search");
  if (!box) return false;
  if (box.matches("a")) box.click();
  else {
    box.focus();
    box.select();
  }
  return true;
}

function go(key) {
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  if (link) link.click();
}

document.addEventListener("keydown", (event) => {
  if (!enabled() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) return;
  if (waitsForTarget) {
    waitsForTarget = false;
    go(event.key);
    return;
  }
  if (event.key === "g") waitsForTarget = true;
  if (event.key === "/" && focusSearch()) event.preventDefault();
  if (event.key === "?") document.getElementById("keys")?.togglePopover();
});
