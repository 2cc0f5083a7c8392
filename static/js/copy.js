// Copy buttons: data-copy names the element whose text is copied. They stay hidden where copying is not possible.
function ready(scope) {
  for (const button of scope.querySelectorAll("button[data-copy]")) button.hidden = !navigator.clipboard;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-label]");
  const said = label.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    label.textContent = "Copied";
  } catch {
    label.textContent = "Could not copy";
  }
  setTimeout(() => (label.textContent = said), 2000);
});

document.addEventListener("htmx:after:swap", () => ready(document));
ready(document);
