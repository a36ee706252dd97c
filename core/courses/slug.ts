const MOST = 60

/** A readable piece of a URL: `Über Öl & Licht!` → `uber-ol-licht`. Empty when a title has no letter or digit of the Latin alphabet. */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST)
    .replace(/^-+|-+$/g, '')
