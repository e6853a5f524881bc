import { auth0 } from "../lib/auth0";

export default async function Home({ searchParams }) {
  const session = await auth0.getSession();
  if (!session) return <a href="/auth/login">Log in</a>;
  const { token } = await auth0.getAccessToken({ refresh: "refresh" in (await searchParams) });
  const answer = await fetch(`${process.env.API}/v1/profile`, {
    headers: { authorization: `Bearer ${token}` },
    cache: "no-store",
  });
  return (
    <>
      <h1>Hello {session.user.email}</h1>
      <pre id="profile">{JSON.stringify(await answer.json(), null, 2)}</pre>
      <a href="/auth/logout">Log out</a>
    </>
  );
}
