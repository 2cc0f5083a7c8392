// Follows the feed of changes with the graphql-sse client until it has seen an entry, and prints each entry as a line of
// JSON. Whatever ends the stream, it begins again behind the last one.
import { createClient } from "graphql-sse";

const [url, last] = [process.argv[2], Number(process.argv[3])];
const client = createClient({ url, singleConnection: false, retryAttempts: 0 });
const query = "subscription Follow($after: String) { changes(after: $after) { cursor node { seq action } } }";

let after = null;
for (;;) {
  try {
    for await (const { data, errors } of client.iterate({ query, variables: { after } })) {
      if (errors) {
        console.log(JSON.stringify({ errors }));
        process.exit(1);
      }
      after = data.changes.cursor;
      console.log(JSON.stringify(data.changes.node));
      if (data.changes.node.seq === last) process.exit(0);
    }
    console.log(JSON.stringify({ complete: true }));
    process.exit(1);
  } catch (err) {
    console.log(JSON.stringify({ again: String(err?.message ?? err) }));
  }
}
