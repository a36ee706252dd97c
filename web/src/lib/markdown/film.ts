import { filmAt } from './addresses.ts'

/** Puts a film's player in the place of what was pressed. Its host is asked for the first time here. */
export const playFilm = (link: HTMLAnchorElement, title: string): boolean => {
  const film = filmAt(link.href)
  if (!film) return false
  const frame = document.createElement('iframe')
  frame.src = film.player
  frame.title = title
  frame.allow = 'fullscreen; picture-in-picture; encrypted-media'
  // Without a referrer YouTube plays nothing; it learns of the school, not of the page.
  frame.referrerPolicy = 'strict-origin-when-cross-origin'
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-presentation allow-popups')
  link.replaceWith(frame)
  frame.focus()
  return true
}
