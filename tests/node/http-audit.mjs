// GraphQL over HTTP, as the public graphql-http audit sees it. Argument: the URL of the endpoint.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serverAudits } from "graphql-http";

const url = process.env.UPFRONT_URL;
assert.ok(url, "UPFRONT_URL names the GraphQL endpoint");

for (const audit of serverAudits({ url, fetchFn: fetch })) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, "ok", result.reason);
  });
}
