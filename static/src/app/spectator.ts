// Whoever looks in without an account reads what the organisation shows to the whole web, and is asked to log in for
// everything else.

function isSpectatorsPage(): boolean {
  const params = globalThis.document?.getElementById("page-params")?.textContent;
  return params ? (JSON.parse(params) as { is_spectator?: boolean }).is_spectator === true : false;
}

/** Whether this page was given to nobody in particular. */
export const isSpectator = isSpectatorsPage();

/** To the log-in page, which leads back to where one is. */
export function toLogin(): void {
  const next = encodeURIComponent(location.pathname + location.search + location.hash);
  location.assign(`/login/?next=${next}`);
}
