// From a login at an OpenID Connect provider to a situation's profile, with access tokens as the provider makes them.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Issuer } from "./provider.mjs";
import { freePort, root } from "./support.mjs";

const binary = process.env.UPFRONT_BINARY;
const query = readFileSync(`${root}/examples/queries/situation-profile.graphql`, "utf8");
const variables = JSON.parse(readFileSync(`${root}/examples/queries/situation-profile.variables.json`, "utf8"));
const CONFIDENTIAL = [["clearance:confidential"]];
const REGISTRY = "{ embeddedSources { name } }";
const headline = ({ data }) => data.situation.ohchr.headline;

const accounts = {
  amara: { organisation: "hrc", clearance: "C", realm_access: { roles: ["reader", "offline_access"] } },
  // Values that the mapping does not name.
  visitor: { organisation: "press", clearance: "cosmic", realm_access: { roles: ["admin"] } },
};
const machines = { "review-export": { organisation: "osapg", clearance: "C", realm_access: { roles: ["curator"] } } };

const settings = ({ url }) => `
[[auth.issuers]]
issuer = "${url}"
audience = ["upfront"]
keys_fresh_seconds = 1
unknown_key_seconds = 1
[auth.issuers.mapping]
entity = { claim = "organisation", values = { hrc = "OHCHR", osapg = "OSAPG" } }
clearance = { claim = "clearance", values = { C = "confidential", SC = "strictly-confidential" } }
scopes = [{ claim = "scope", prefix = "upfront." }]
roles = [{ claim = "realm_access.roles", values = { curator = "curator" } }]
[auth.roles]
curator = ["registry:read"]
`;

// A service that takes the issuer's tokens; ready once it says where it listens.
async function serve(issuer) {
  const folder = mkdtempSync(join(tmpdir(), "upfront-oidc-"));
  const file = join(folder, "upfront.toml");
  writeFileSync(file, settings(issuer));
  const data = join(folder, "data");
  const words = ["serve", "--example", "--listen", "127.0.0.1:0", "--data-dir", data, "--settings", file];
  const service = spawn(binary, words, { env: {}, stdio: ["ignore", "pipe", "pipe"] });
  const logged = [];
  service.stderr.setEncoding("utf8").on("data", (text) => logged.push(text));
  let said = "";
  for await (const text of service.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    said += text;
    if (/http:\S+\//.test(said)) break;
  }
  const [address] = said.match(/http:\S+\//) ?? assert.fail(logged.join(""));
  service.stdout.resume();
  const ask = async (body, bearer) => {
    const headers = { "content-type": "application/json" };
    if (bearer) headers.authorization = `Bearer ${bearer}`;
    const response = await fetch(`${address}graphql`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, challenge: response.headers.get("www-authenticate"), ...(await response.json()) };
  };
  const stop = async () => {
    if (service.exitCode === null) {
      service.kill();
      await once(service, "exit");
    }
    rmSync(folder, { recursive: true });
  };
  const database = `sqlite:${data}/example.sqlite`;
  const log = () => logged.join("");
  return { ask, database, log, profile: (bearer) => ask({ query, variables }, bearer), stop };
}

// Asks until the answer is as it should be: keys are read again in the background.
async function until(what, question, ready) {
  const end = Date.now() + 20_000;
  for (;;) {
    const answer = await question();
    if (ready(answer)) return answer;
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(answer).slice(0, 500)}`);
    await pause(200);
  }
}

const claims = (jwt, part = 1) => JSON.parse(Buffer.from(jwt.split(".")[part], "base64url"));

function refused(answer, because) {
  assert.equal(answer.status, 401, JSON.stringify(answer));
  assert.equal(answer.errors[0].extensions.code, "UNAUTHENTICATED");
  assert.match(answer.errors[0].message, because);
  assert.match(answer.challenge, /^Bearer .*error="invalid_token"/);
  assert.equal(answer.data, undefined);
}

let issuer;
let service;
let session;

before(async () => {
  issuer = new Issuer({ port: await freePort(), accounts, machines });
  await issuer.start();
  service = await serve(issuer);
});
after(async () => {
  await service?.stop();
  if (issuer?.server.listening) await issuer.stop();
});

test("a login gives a token, and the token the profile", async () => {
  session = await issuer.login("amara");
  assert.deepEqual(session.pages, ["login", "consent"]);
  const access = session.access_token;
  assert.equal(claims(access, 0).typ, "at+jwt");
  const { aud, iss, sub } = claims(access);
  assert.deepEqual({ aud, iss, sub }, { aud: "upfront", iss: issuer.url, sub: "amara" });

  const anonymous = await service.profile();
  assert.equal(anonymous.errors, undefined);
  assert.equal(headline(anonymous), null);
  const withheld = anonymous.extensions.upfront.withheld;
  const place = withheld.find(({ path }) => path.join(".") === "situation.ohchr.headline");
  assert.deepEqual(place?.scopes, CONFIDENTIAL);

  const whole = await service.profile(access);
  assert.equal(whole.status, 200);
  assert.equal(whole.errors, undefined, JSON.stringify(whole.errors));
  assert.ok(headline(whole));
  for (const { path, scopes } of withheld) {
    if (scopes.some((set) => set.every((scope) => scope === "clearance:confidential"))) {
      const still = (whole.extensions?.upfront?.withheld ?? []).some((other) => `${other.path}` === `${path}`);
      assert.ok(!still, `${path.join(".")} is withheld from a caller with a clearance`);
    }
  }
  const [first] = whole.data.situation.ohchr.casualties;
  assert.equal(typeof first.killed.state, "string");
  assert.notDeepEqual(whole.data, anonymous.data);

  // A reader without the role: the registry is withheld.
  const registry = await service.ask({ query: REGISTRY }, access);
  assert.equal(registry.data.embeddedSources, null);
  assert.match(service.log(), /"entity":"OHCHR"/);
  assert.ok(!service.log().includes(access), "no token is logged");
});

test("claims that the mapping does not name give nothing", async () => {
  const { access_token } = await issuer.login("visitor");
  const answer = await service.profile(access_token);
  const anonymous = await service.profile();
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.data, anonymous.data);
  assert.deepEqual(answer.extensions, anonymous.extensions);
});

test("tokens that are for others are refused", async () => {
  refused(await service.profile(session.id_token), /another service/);
  // Without the resource the provider gives an opaque token.
  const { access_token } = await issuer.login("amara", null);
  assert.ok(!access_token.includes("."));
  refused(await service.profile(access_token), /./);
});

test("a machine has its own token, and its role's scopes", async () => {
  const bearer = await issuer.machineToken();
  assert.equal(claims(bearer).sub, "review-export");
  const registry = await service.ask({ query: REGISTRY }, bearer);
  assert.ok(registry.data.embeddedSources.length > 0, JSON.stringify(registry));
  assert.ok(headline(await service.profile(bearer)));
});

test("a token that is revoked is refused", async () => {
  const { access_token } = await issuer.login("amara");
  assert.equal((await service.profile(access_token)).status, 200);
  const words = ["--id", claims(access_token).jti, "--issuer", issuer.url, "--database-url", service.database];
  execFileSync(binary, ["token", "revoke", ...words], { env: {}, stdio: "pipe" });
  const answer = await until("revoked", () => service.profile(access_token), ({ status }) => status === 401);
  refused(answer, /revoked/);
  assert.ok(headline(await service.profile(session.access_token)), "the other tokens stay good");
});

test("a new key is found, and a former one ends what it signed", async () => {
  const former = session.access_token;
  await issuer.rotate();
  session = await issuer.login("amara");
  assert.notEqual(claims(session.access_token, 0).kid, claims(former, 0).kid);
  const found = await until("the new key", () => service.profile(session.access_token), ({ status }) => status === 200);
  assert.ok(headline(found));
  refused(await until("the former key", () => service.profile(former), ({ status }) => status === 401), /key/);
});

test("while the provider is down its tokens are answered", async () => {
  await issuer.stop();
  // Past the time for which the keys are current.
  await pause(2_500);
  for (let i = 0; i < 3; i++) assert.ok(headline(await service.profile(session.access_token)));
  assert.equal((await service.profile()).status, 200);

  // A service that has never seen the keys can't say whether a token is good.
  const fresh = await serve(issuer);
  try {
    const unknown = await fresh.profile(session.access_token);
    assert.equal(unknown.status, 503, JSON.stringify(unknown));
    assert.equal(unknown.errors[0].extensions.code, "ISSUER_UNAVAILABLE");
    assert.equal((await fresh.profile()).status, 200);
    await issuer.start();
    const back = await until("back", () => fresh.profile(session.access_token), ({ status }) => status === 200);
    assert.ok(headline(back));
  } finally {
    await fresh.stop();
  }
});
