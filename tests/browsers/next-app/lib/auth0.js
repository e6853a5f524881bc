import { Auth0Client } from "@auth0/nextjs-auth0/server";

// The local issuer speaks plain HTTP on this machine. Leave allowInsecureRequests out for Auth0.
export const auth0 = new Auth0Client({
  allowInsecureRequests: process.env.AUTH0_DOMAIN.startsWith("http://"),
  authorizationParameters: { audience: process.env.AUTH0_AUDIENCE, scope: "openid profile email offline_access" },
});
