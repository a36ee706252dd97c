import type { Plugin } from 'vite'
import { visitorsSources } from './visitors.ts'

/** Classes of visitors' pages alone: the sources they are taken from are named where their stylesheet is compiled. */
export const stylesOfVisitors = (): Plugin => ({
  name: 'lectern:visitors-styles',
  enforce: 'pre',
  transform: {
    filter: { id: /\/src\/ui\/visitors\.css$/ },
    handler: (text) => `${text}\n${[...visitorsSources().keys()].map((path) => `@source ${JSON.stringify(path)};`).join('\n')}\n`,
  },
})

const SCRIPT = /[ \t]*<script type="module" crossorigin src="([^"]+)"><\/script>\n/
const STYLES = /[ \t]*<link rel="stylesheet" crossorigin href="[^"]+">\n/
const FIRST = /[ \t]*<script src="\/first\.js"><\/script>\n/

/**
 * The app is fetched while the page is painted for the first time, and begun afterwards, by `public/first.js`.
 * Styles stand before that script, so that the page is whole only when they are there: Chromium looks for forms in a page that is whole, and
 * would lay all of it out for that without a style.
 */
export const firstPaint = (): Plugin => ({
  name: 'lectern:first-paint',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html) {
      const [, script] = SCRIPT.exec(html) ?? []
      const [styles] = STYLES.exec(html) ?? []
      if (script === undefined || styles === undefined || !FIRST.test(html)) throw new Error(`The app is not in the page: ${html}`)
      return html
        .replace(STYLES, '')
        .replace(FIRST, (first) => `${styles}${first}`)
        .replace(SCRIPT, `    <link rel="modulepreload" id="app-script" crossorigin href="${script}" fetchpriority="low" />\n`)
    },
  },
})
