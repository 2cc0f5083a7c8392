// The inbox by keyboard: j and k go to the next and the previous request, o opens, x chooses for several at once; a, l, q and d
// lead to approve, approve less, ask and reject. "a" only goes to the button, which says what it does: Enter then does it.
// The choice of the reader in keys.js holds here, too.
const enabled = () => document.documentElement.dataset.keys !== "off";
const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
const rows = () => [...document.querySelectorAll(".triage-list .ask-row")];
const current = () => rows().findIndex((row) => row.getAttribute("aria-current") === "true");
let waits = false; // after "g" the next key goes to a page, as keys.js has it

function step(by) {
  const list = rows();
  const at = current();
  const to = list[at < 0 ? 0 : at + by];
  if (to) to.click();
  else if (by > 0) document.querySelector(".triage-list [rel=next]")?.click();
}

function open() {
  if (current() < 0) rows()[0]?.click();
  else document.querySelector("[data-detail]")?.focus();
}

function pick() {
  const focused = document.activeElement.closest?.(".ask-item");
  const row = focused || rows()[Math.max(current(), 0)]?.closest(".ask-item");
  row?.querySelector("[data-pick]")?.click();
}

function reach(key) {
  const control = document.querySelector(`.decide [data-key="${key}"]`);
  if (!control) return;
  const pop = control.closest("details");
  if (pop) {
    for (const other of document.querySelectorAll(".decide details[open]")) if (other !== pop) other.open = false;
    pop.open = true;
  }
  (pop?.querySelector("textarea, input[type=checkbox]") || control).focus();
}

const acts = { j: () => step(1), k: () => step(-1), o: open, x: pick, a: () => reach("a"), l: () => reach("l"), q: () => reach("q"), d: () => reach("d") };

document.addEventListener("keydown", (event) => {
  const pop = event.key === "Escape" && document.querySelector(".decide details[open]");
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

// The button of "approve less" says what is chosen.
function relabel(form) {
  const boxes = [...form.querySelectorAll("input[name=columns]")];
  const columns = boxes.filter((box) => box.checked).length;
  const days = Number(form.querySelector("input[name=days]").value);
  const label = form.querySelector("[data-less-label]");
  const what = boxes.length === 0 ? "all of it" : `${columns} ${columns === 1 ? "column" : "columns"}`;
  label.textContent = days > 0 ? `Approve ${what} for ${days} ${days === 1 ? "day" : "days"}` : "Approve what is chosen";
}

for (const form of document.querySelectorAll("[data-less]")) {
  relabel(form);
  form.addEventListener("input", () => relabel(form));
}

function count() {
  const n = document.querySelectorAll("[data-pick]:checked").length;
  const label = document.querySelector("[data-picked]");
  if (label) label.textContent = `${n} chosen`;
}

document.addEventListener("change", count);
addEventListener("pageshow", count);
document.querySelector(".ask-row[aria-current]")?.scrollIntoView({ block: "nearest" });
