import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { visitorsSources } from './visitors.ts'

const VISITORS_CSS = fileURLToPath(new URL('src/ui/visitors.css', import.meta.url))

/** Classes of visitors' pages alone: the sources they are taken from are named where the stylesheet is compiled. */
export const stylesOfVisitors = (): Plugin => ({
  name: 'lectern:visitors-styles',
  enforce: 'pre',
  transform: {
    filter: { id: /\/src\/ui\/visitors\.css$/ },
    handler: (text) => `${text}\n${[...visitorsSources().keys()].map((path) => `@source ${JSON.stringify(path)};`).join('\n')}\n`,
  },
})

const SCRIPT = /[ \t]*<script type="module" crossorigin src="([^"]+)"><\/script>\n/
const STYLE = /[ \t]*<link rel="stylesheet" crossorigin href="([^"]+)">\n/

/**
 * The built page waits for nothing before its first paint: what visitors' pages look like stands in it, and the app is fetched meanwhile and
 * begun afterwards, by `public/first.js`.
 */
export const firstPaint = (): Plugin => ({
  name: 'lectern:first-paint',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const [, script] = SCRIPT.exec(html) ?? []
      const [, style] = STYLE.exec(html) ?? []
      const sheet = style && bundle[style.slice(1)]
      if (script === undefined || !sheet || sheet.type !== 'asset') throw new Error(`${basename(VISITORS_CSS)} or the app is not in the page: ${html}`)
      delete bundle[join(style.slice(1))]
      const text = typeof sheet.source === 'string' ? sheet.source : new TextDecoder().decode(sheet.source)
      return html
        .replace(STYLE, '')
        .replace(
          SCRIPT,
          () => `    <link rel="modulepreload" id="app-script" crossorigin href="${script}" fetchpriority="low" />\n    <style>${text.trim()}</style>\n`,
        )
    },
  },
})
