/** Whether a film, its captions or its pictures are read from a host of their own: only there does a page have to ask for its cookies. */
export const isElsewhere = (url: string | undefined, here = location.origin): boolean => url !== undefined && new URL(url, here).origin !== here

/** For the `crossorigin` of what shows it. */
export const crossOriginOf = (url: string | undefined, here = location.origin): 'use-credentials' | undefined =>
  isElsewhere(url, here) ? 'use-credentials' : undefined

export const fetchMedia = (url: string): Promise<Response> => fetch(url, { credentials: isElsewhere(url) ? 'include' : 'same-origin' })
