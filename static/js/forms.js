// Forms that filter: with script a change is sent at once, so their button is not needed and hides itself.
// htmx does the sending where the form asks for a part of the page; the rest is submitted as it is.
// A fragment that could not be had becomes an ordinary visit, whose page says what is wrong.
document.addEventListener("htmx:response:error", (event) => {
  const { request } = event.detail.ctx;
  if (request.method.toUpperCase() === "GET") location.assign(request.action);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && !form.hasAttribute("hx-get")) form.requestSubmit();
});
