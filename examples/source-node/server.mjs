// A service that adds a block to situations, in Node: npm install && node server.mjs
// The figures are invented.
import { createServer } from "node:http";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";
import { createHandler } from "graphql-http/lib/use/http";
import { createRemoteJWKSet, jwtVerify } from "jose";

const PORT = Number(process.env.PORT ?? 4001);
// Where it is registered: the gateway's token is made for this address and no other.
const URL_HERE = process.env.URL_HERE ?? `http://127.0.0.1:${PORT}/graphql`;
// Where the gateway's keys are. Without it callers are not checked: for trials on this machine.
const GATEWAY = process.env.GATEWAY;

const figures = new Map([["sit_1bj1qrgc14q1yn6v", { sites: 12, beds: 3400, occupied: 3391 }]]);

const typeDefs = parse(`
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@requiresScopes", "@tag"])

  type Situation @key(fields: "id") {
    id: ID!
    shelter: ShelterBlock @tag(name: "unclassified")
  }

  type ShelterBlock {
    sites: Int @tag(name: "unclassified")
    beds: Int @tag(name: "unclassified")
    occupied: Int @requiresScopes(scopes: [["clearance:confidential"]])
  }
`);

const resolvers = {
  Situation: {
    // Null for a situation nothing is known of. Many come at once: load them together.
    __resolveReference: ({ id }) => (figures.has(id) ? { id } : null),
    shelter: ({ id }) => figures.get(id),
  },
};

const answer = createHandler({ schema: buildSubgraphSchema([{ typeDefs, resolvers }]) });
const keys = GATEWAY && createRemoteJWKSet(new URL("/.well-known/jwks.json", GATEWAY));

async function isFromTheGateway(request) {
  if (!keys) return true;
  const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
  try {
    // payload.sub is the caller's entity, payload.scope what it may see.
    await jwtVerify(token, keys, { issuer: "upfront:gateway", audience: URL_HERE, algorithms: ["EdDSA"] });
    return true;
  } catch {
    return false;
  }
}

createServer(async (request, response) => {
  if (await isFromTheGateway(request)) {
    await answer(request, response);
  } else {
    response.writeHead(401).end();
  }
}).listen(PORT, "127.0.0.1", () => console.log(`listens on ${URL_HERE}`));
