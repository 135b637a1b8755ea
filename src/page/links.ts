// Addresses within the pages, so that they are spelled in one place.

export function targetHref(name: string): string {
  return `/targets/${encodeURIComponent(name)}`;
}

export function questionHref(question: Readonly<Record<string, string | undefined>>): string {
  return hrefWith("/access", question);
}

/** Without those that are empty. */
export function hrefWith(path: string, words: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, word] of Object.entries(words))
    if (word !== undefined && word !== "") query.set(name, word);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
