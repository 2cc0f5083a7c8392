// The theme button. Without script it is a form that the server answers with a redirect; with script the page
// changes at once and the server is told in the background, so that the choice follows the reader.
const order = ["system", "light", "dark"];
const names = { system: "follow system", light: "light", dark: "dark" };

function show(form, theme) {
  const root = document.documentElement;
  root.classList.remove("light", "dark");
  if (theme !== "system") root.classList.add(theme);
  const next = order[(order.indexOf(theme) + 1) % order.length];
  const button = form.querySelector("button[name=theme]");
  button.value = next;
  button.setAttribute("aria-label", `Theme: ${names[theme]}. Change to ${names[next]}`);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-theme-form]");
  if (!form) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  show(form, body.get("theme"));
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => form.submit());
});
