import { auth0 } from "./lib/auth0";

export const middleware = (request) => auth0.middleware(request);
