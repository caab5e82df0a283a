// A company's OpenID provider on this machine: `node provider.mjs <address of the product> <port>` serves until it is ended.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [product, port] = process.argv.slice(2);

/** Who works at this company, and in which of its groups. */
const PEOPLE = {
  mina: { name: "미나", groups: ["crm-marketing"] },
  theo: { name: "Theo", groups: ["crm-readers", "lunch"] },
  nora: { name: "Nora", groups: ["lunch"] },
};

const client = {
  client_id: "audience-builder",
  client_secret: "the secret of a journey, on this machine alone",
  redirect_uris: [`${product}/sign-in/provider/callback`],
  post_logout_redirect_uris: [`${product}/signed-out`],
  backchannel_logout_uri: `${product}/sign-in/provider/logout`,
  backchannel_logout_session_required: true,
  require_auth_time: true,
  grant_types: ["authorization_code"],
  response_types: ["code"],
};

const provider = new Provider(`http://localhost:${port}`, {
  clients: [client],
  claims: { openid: ["sub", "name", "groups"], profile: ["name"] },
  features: { backchannelLogout: { enabled: true } },
  pkce: { required: () => true },
  cookies: { keys: ["the key of a journey"] },
  fetch: (url, options) => {
    // It guards itself against addresses of its own machine; here the product is one.
    const { dispatcher: _, ...rest } = options ?? {};
    return globalThis.fetch(url, rest);
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
});

createServer(provider.callback()).listen(Number(port), "localhost", () => console.log(`http://localhost:${port}`));
