// Forms that filter: with script a change is sent at once, so their button is not needed and hides itself.
// htmx does the sending where the form asks for a part of the page; the rest is submitted as it is.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && !form.hasAttribute("hx-get")) form.requestSubmit();
});
