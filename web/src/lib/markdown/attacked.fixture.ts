import { pictureAt } from './addresses.ts'
import { cleaned } from './clean.ts'
import { playFilm } from './film.ts'
import { highlightFor } from './highlight.ts'
import { htmlOf } from './reader.ts'
import { someReading } from './reading.fixture.ts'
import { typeset } from './typeset.ts'

/** What a page does with a text, with everything that dresses it; in a browser without the school's policy of content to help. */
const show = async (source: string): Promise<void> => {
  const highlight = await highlightFor(['html', 'js'])
  const html = cleaned(htmlOf(source, someReading({ pictureAt, highlight, typeset })))
  const place = document.createElement('div')
  document.body.replaceChildren(place)
  place.innerHTML = html
}

/** The second hand alone: what it leaves of HTML that no rule made. */
const showCleaned = (html: string): void => {
  const place = document.createElement('div')
  document.body.replaceChildren(place)
  place.innerHTML = cleaned(html)
}

Object.assign(globalThis, { show, showCleaned, playFilm })
