// An OpenID Connect provider on this machine: `oidc-provider`, in memory, with its interactions for development.
import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const RESOURCE = "urn:upfront:graph";
const REDIRECT = "http://127.0.0.1/signed-in";

export const newKey = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
};

const reader = {
  client_id: "review-page",
  application_type: "native",
  redirect_uris: [REDIRECT],
  token_endpoint_auth_method: "none",
};
const machine = {
  client_id: "review-export",
  client_secret: randomBytes(24).toString("base64url"),
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
};

// `accounts` and `machines`: by their id, the claims that their access tokens get.
export class Issuer {
  constructor({ port, accounts, machines }) {
    Object.assign(this, { accounts, machines, url: `http://127.0.0.1:${port}` });
    this.port = port;
    this.keys = [newKey()];
  }

  async start() {
    const provider = new Provider(this.url, this.configuration());
    const answer = provider.callback();
    this.server = createServer((request, response) => {
      // `fetch` would meet a connection that a provider before this one closed; the service has to cope.
      if (request.headers["user-agent"] === "node") response.setHeader("connection", "close");
      answer(request, response);
    }).listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
  }

  async stop() {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  // The keys are read at the start alone.
  async rotate() {
    await this.stop();
    this.keys = [newKey()];
    await this.start();
  }

  configuration() {
    const resource = {
      scope: "upfront.read",
      audience: "upfront",
      accessTokenFormat: "jwt",
      accessTokenTTL: 300,
      jwt: { sign: { alg: "RS256" } },
    };
    return {
      clients: [reader, machine],
      jwks: { keys: this.keys },
      cookies: { keys: [randomBytes(24).toString("base64url")] },
      claims: { openid: ["sub"] },
      findAccount: (_, sub) => this.accounts[sub] && { accountId: sub, claims: () => ({ sub }) },
      extraTokenClaims: (_, { kind, accountId, clientId }) =>
        kind === "ClientCredentials" ? this.machines[clientId] : this.accounts[accountId],
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: true },
        resourceIndicators: { enabled: true, getResourceServerInfo: () => resource, useGrantedResource: () => true },
      },
    };
  }

  async metadata() {
    const response = await fetch(`${this.url}/.well-known/openid-configuration`);
    return response.json();
  }

  // As a machine: its own credentials for a token.
  async machineToken() {
    const { token_endpoint } = await this.metadata();
    const pair = Buffer.from(`${machine.client_id}:${machine.client_secret}`).toString("base64");
    const form = { grant_type: "client_credentials", resource: RESOURCE, scope: "upfront.read" };
    const body = await post(token_endpoint, form, { authorization: `Basic ${pair}` });
    return body.access_token;
  }

  // As a browser: authorization code with PKCE, through the pages for login and consent.
  async login(account, resource = RESOURCE) {
    const { authorization_endpoint, token_endpoint, issuer } = await this.metadata();
    const verifier = randomBytes(32).toString("base64url");
    const digest = await crypto.subtle.digest("SHA-256", Buffer.from(verifier));
    const state = randomUUID();
    const start = new URL(authorization_endpoint);
    start.search = new URLSearchParams({
      client_id: reader.client_id,
      response_type: "code",
      redirect_uri: REDIRECT,
      scope: "openid upfront.read",
      ...(resource && { resource }),
      state,
      code_challenge: Buffer.from(digest).toString("base64url"),
      code_challenge_method: "S256",
    });
    const { back, pages } = await new Browser(account).follow(start);
    const said = back.searchParams;
    if (said.get("state") !== state || said.get("iss") !== issuer || !said.has("code")) {
      throw new Error(`the provider led back to ${back}`);
    }
    const tokens = await post(token_endpoint, {
      grant_type: "authorization_code",
      client_id: reader.client_id,
      code: said.get("code"),
      redirect_uri: REDIRECT,
      code_verifier: verifier,
    });
    return { ...tokens, pages };
  }
}

// Follows redirects with the provider's cookies and answers its forms until it leads back to the client.
class Browser {
  cookies = new Map();

  constructor(account) {
    this.account = account;
  }

  async follow(start) {
    const pages = [];
    let request = [start];
    for (let step = 0; step < 12; step++) {
      const [url, form] = request;
      const response = await this.send(url, form);
      const location = response.headers.get("location");
      if (location) {
        const next = new URL(location, url);
        if (next.href.startsWith(REDIRECT)) return { back: next, pages };
        request = [next];
        continue;
      }
      const page = await response.text();
      const [, action] = page.match(/<form[^>]* action="([^"]+)"/) ?? [];
      const [, prompt] = page.match(/name="prompt" value="([^"]+)"/) ?? [];
      if (!action) throw new Error(`${response.status} at ${url}: ${page}`);
      pages.push(prompt);
      request = [new URL(action, url), { prompt, login: this.account, password: "any" }];
    }
    throw new Error("the provider does not lead back");
  }

  async send(url, form) {
    // Cookies by their name alone: the path that each is for is the provider's whole concern.
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      method: form ? "POST" : "GET",
      body: form && new URLSearchParams(form),
      headers: cookie ? { cookie } : {},
      redirect: "manual",
    });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(";", 1)[0].split(/=(.*)/s);
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    return response;
  }
}

async function post(url, form, headers = {}) {
  const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(form) });
  const body = await response.json();
  if (!response.ok) throw new Error(`${response.status} at ${url}: ${JSON.stringify(body)}`);
  return body;
}
