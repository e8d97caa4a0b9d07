// A service built with @apollo/subgraph registers on a running server, fails, leaves and returns.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ask, freePort, root, serveSource, token, upfront } from "./support.mjs";

const profile = (fields) => {
  const query = readFileSync(`${root}/examples/queries/situation-profile.graphql`, "utf8");
  const place = "    openActions {";
  assert.ok(query.includes(place), "the example has a place for more");
  return query.replace(place, `    ${fields}\n${place}`);
};
const variables = JSON.parse(readFileSync(`${root}/examples/queries/situation-profile.variables.json`, "utf8"));
const SHELTER = "shelter { sites beds occupied }";
const WHOLE = { sites: 12, beds: 3400, occupied: 3391 };
const MANDATES = ["ohchr", "osapg", "caac", "svc"];

const reviewer = token("OHCHR", "--clearance", "confidential");
const publisher = token("RELIEF", "--scope", "registry:publish");
const review = (fields) => ask({ query: profile(fields), variables }, reviewer);

test("a source joins, fails, leaves and returns", { timeout: 120_000 }, async (t) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/graphql`;
  const registry = (...words) => upfront(["source", ...words], { UPFRONT_TOKEN: publisher });
  let service = await serveSource(port);
  t.after(() => service.stop());

  const before = await review("");
  assert.equal(before.errors, undefined);
  const bare = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ __typename }" }),
  });
  assert.equal(bare.status, 401, "the service answers the gateway alone");

  const published = registry("publish", "--name", "shelter", "--url", url);
  assert.match(published, /Published version \d+ of `shelter`: supergraph (\d+)\./);
  const [, joined] = published.match(/supergraph (\d+)/);

  const whole = await review(SHELTER);
  assert.equal(whole.errors, undefined, JSON.stringify(whole.errors));
  assert.deepEqual(whole.data.situation.shelter, WHOLE);
  for (const mandate of MANDATES) assert.ok(whole.data.situation[mandate], mandate);
  const { shelter, ...others } = whole.data.situation;
  assert.deepEqual(others, before.data.situation);
  const anonymous = await ask({ query: profile(SHELTER), variables });
  assert.deepEqual(anonymous.data.situation.shelter, { ...WHOLE, occupied: null });
  const withheld = anonymous.extensions.upfront.withheld.map(({ path }) => path.join("."));
  assert.ok(withheld.includes("situation.shelter.occupied"), withheld.join());

  await service.stop();
  const without = await review(SHELTER);
  assert.deepEqual(without.data.situation, { ...whole.data.situation, shelter: null });
  assert.equal(without.errors.length, 1);
  assert.equal(without.errors[0].extensions.source.name, "shelter");
  assert.equal(without.errors[0].extensions.code, "SOURCE_UNAVAILABLE");
  assert.deepEqual(without.errors[0].path, ["situation", "shelter"]);

  registry("retire", "--name", "shelter", "--allow-breaking", "a rehearsal");
  const gone = await review(SHELTER);
  assert.equal(gone.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  assert.deepEqual((await review("")).data, before.data);

  registry("rollback", "--to", joined);
  service = await serveSource(port);
  // The breaker may still spare the source that was stopped.
  let back = await review(SHELTER);
  for (const end = Date.now() + 30_000; back.errors && Date.now() < end; ) {
    assert.equal(back.errors[0].extensions.source.name, "shelter");
    back = await review(SHELTER);
  }
  assert.deepEqual(back.data, whole.data);
});
