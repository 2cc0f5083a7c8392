// The playground: sends the query, shows the answer. Ctrl+Enter runs; Tab leaves the field, as everywhere.
const form = document.querySelector("form[data-play]");

function variables(text) {
  if (text.trim() === "") return undefined;
  return JSON.parse(text);
}

async function ask(data) {
  const body = { query: data.get("query"), variables: variables(data.get("variables")) };
  const response = await fetch(form.dataset.endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function run() {
  const status = form.querySelector("[data-status]");
  const answer = document.getElementById("answer");
  const start = performance.now();
  status.textContent = "Running";
  try {
    const result = await ask(new FormData(form));
    answer.textContent = pretty(result.text);
    status.textContent = `${Math.round(performance.now() - start)} ms, status ${result.status}`;
  } catch (problem) {
    status.textContent = problem instanceof SyntaxError ? "The variables are not JSON." : "The server did not answer.";
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});

form?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
