// A campaign by keyboard: j and k go to the next and the previous grant, y leads to "keep", s to "shorten", r to "revoke". A key
// only goes to the button, or opens the form: Enter, or the form's own button, then does it. The choice of the reader in keys.js
// holds here, too.
const enabled = () => document.documentElement.dataset.keys !== "off";
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
const rows = () => [...document.querySelectorAll("[data-review]")];
const current = () => rows().find((row) => row.contains(document.activeElement));
let waits = false; // after "g" the next key goes to a page, as keys.js has it

function step(by) {
  const list = rows();
  const at = list.indexOf(current());
  const to = list[at < 0 ? 0 : at + by];
  if (to) to.focus();
  else if (by > 0) document.querySelector(".pager [rel=next]")?.click();
}

function shut(except) {
  for (const pop of document.querySelectorAll("[data-reviews] details[open]")) if (pop !== except) pop.open = false;
}

function reach(key) {
  const control = (current() || rows()[0])?.querySelector(`[data-key="${key}"]`);
  if (!control) return;
  const pop = control.closest("details");
  shut(pop);
  if (pop) pop.open = true;
  (pop?.querySelector("input:not([type=hidden]), textarea") || control).focus();
}

const acts = { j: () => step(1), k: () => step(-1), y: () => reach("y"), s: () => reach("s"), r: () => reach("r") };

document.addEventListener("keydown", (event) => {
  const pop = event.key === "Escape" && document.querySelector("[data-reviews] details[open]");
  if (pop) {
    pop.open = false;
    pop.querySelector("summary").focus();
    return;
  }
  if (!enabled() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (waits) {
    waits = false;
    return;
  }
  waits = event.key === "g";
  const act = Object.hasOwn(acts, event.key) && acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// After an answer the next grant is at hand.
if (new URLSearchParams(location.search).has("answered")) rows()[0]?.focus();
