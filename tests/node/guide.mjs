// docs/register-a-source.md does what it says: its commands, word for word save for the ports.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { endpoint, freePort, gateway, root, token, upfront } from "./support.mjs";

const guide = readFileSync(`${root}/docs/register-a-source.md`, "utf8");
const blocks = [...guide.matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block);
const find = (part) => {
  const found = blocks.find((block) => block.includes(part));
  assert.ok(found, `the guide has a command with ${part}`);
  return found;
};

test("every command of the guide is tried here", () => {
  const known = ["cargo build", "export PATH=", "serve --example", "npm ci", "--example source-rust", "source test", "upfront token",
    "source check", "source publish", "curl", "source list", "source fetch", "GATEWAY="];
  const untried = blocks.filter((block) => !known.some((part) => block.includes(part)));
  assert.deepEqual(untried, []);
});

test("the guide leads to a registered source", { timeout: 240_000 }, async (t) => {
  const work = mkdtempSync(join(tmpdir(), "upfront-guide-"));
  t.after(() => rmSync(work, { recursive: true }));
  const port = await freePort();
  const here = gateway.replace("http://", "");
  const adapt = (text) => text.replaceAll("127.0.0.1:4000", here).replaceAll("127.0.0.1:4001", `127.0.0.1:${port}`);
  // Cargo builds what the gate has built, in the same place.
  const cargo = Object.entries(process.env).filter(([name]) => name.startsWith("CARGO_"));
  const env = {
    ...Object.fromEntries(cargo),
    PATH: `${dirname(process.env.UPFRONT_BINARY)}:${process.env.PATH}`,
    HOME: process.env.HOME,
    PORT: String(port),
    UPFRONT_DATA_DIR: process.env.UPFRONT_DATA,
  };

  // In a terminal of its own, from the folder of the project; npm ci has been run.
  const terminal = (command) => {
    const service = spawn("bash", ["-ec", adapt(command)], { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => stop(service));
    return new Promise((resolve, reject) => {
      service.stdout.on("data", (said) => String(said).includes("listens on") && resolve(service));
      service.on("exit", (code) => reject(new Error(`${command} ended with ${code}`)));
    });
  };
  const stop = (service) => {
    if (service.exitCode !== null || service.signalCode !== null) return undefined;
    const ended = new Promise((resolve) => service.on("exit", resolve));
    process.kill(-service.pid);
    return ended;
  };
  const exports = find("export UPFRONT_TOKEN");
  const run = (command) => {
    const said = spawnSync("bash", ["-ec", adapt(`${exports}\n${command}`)], { cwd: work, env, encoding: "utf8" });
    assert.equal(said.status, 0, `${command}\n${said.stdout}${said.stderr}`);
    return said.stdout;
  };

  for (const start of ["--example source-rust", "npm ci"]) {
    const service = await terminal(find(start));
    assert.match(run(find("source test")), /It does what the gateway needs\./, start);
    await stop(service);
  }
  // As in section 6: from here on the service wants to see the gateway's token.
  const service = await terminal(find("GATEWAY="));
  assert.match(run(find("source check")), /No problems found\./);
  assert.match(run(find("source publish")), /Published version \d+ of `shelter`/);
  t.after(() => upfront(["source", "retire", "--name", "shelter", "--allow-breaking", "the guide is tried"], {
    UPFRONT_TOKEN: token("RELIEF", "--scope", "registry:publish"),
  }));
  const answer = JSON.parse(run(find("curl")));
  assert.equal(answer.errors, undefined, JSON.stringify(answer));
  assert.deepEqual(answer.data.situation.shelter, { beds: 3400, occupied: 3391 });
  const { sources } = answer.extensions.upfront;
  assert.deepEqual(sources.map(({ name, status }) => `${name} ${status}`), ["ohchr OK", "reviews OK", "shelter OK"]);
  assert.match(run(find("source list")), /^shelter  RELIEF  version \d+/m);
  run(find("source fetch"));
  assert.match(readFileSync(join(work, "supergraph.graphql"), "utf8"), /type ShelterBlock/);

  await stop(service);
  const without = JSON.parse(run(find("curl")));
  assert.equal(without.data.situation.shelter, null);
  assert.equal(without.errors.length, 1);
  assert.equal(without.errors[0].extensions.source.name, "shelter");
  assert.ok(endpoint.startsWith(gateway));
});
