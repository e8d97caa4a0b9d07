// What the suites share: the server under test, its command line, a service to register.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
export const endpoint = process.env.UPFRONT_URL;
export const gateway = endpoint.replace(/\/graphql$/, "");
const binary = process.env.UPFRONT_BINARY;
const data = process.env.UPFRONT_DATA;

// Runs `upfront`; what it says. A command that fails fails the test with what it said.
export function upfront(words, environment = {}) {
  const env = { ...environment, UPFRONT_ENDPOINT: endpoint };
  return execFileSync(binary, words, { env, encoding: "utf8", stdio: "pipe" });
}

export function token(entity, ...words) {
  const said = upfront(["token", "--entity", entity, "--data-dir", data, ...words]);
  return said.trim().split("\n").at(-1);
}

export async function ask(body, bearer) {
  const headers = { "content-type": "application/json" };
  if (bearer) headers.authorization = `Bearer ${bearer}`;
  const response = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(body) });
  return response.json();
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

// The example of a service; ready once it says where it listens.
export async function serveSource(port) {
  const service = spawn(process.execPath, [`${root}/examples/source-node/server.mjs`], {
    env: { PORT: String(port), GATEWAY: gateway },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(service.stdout, "data");
  const stop = async () => {
    if (service.exitCode !== null || service.signalCode !== null) return;
    service.kill();
    await once(service, "exit");
  };
  return { stop };
}
