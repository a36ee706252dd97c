import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { SCRIPT } from './layout.ts'

const { resolve } = createRequire(import.meta.url)

const bundle = join(dirname(resolve('@simplewebauthn/browser')), '..', 'dist', 'bundle', 'index.umd.min.js')
const passkeys = [readFileSync(bundle, 'utf8'), readFileSync(new URL('./passkeys.browser.js', import.meta.url), 'utf8')].join('\n')

type PageFile = { type: string; bytes: Buffer; cache: string }

/** What the pages of the provider are drawn and run with. */
export const PAGE_FILES: ReadonlyMap<string, PageFile> = new Map([
  [
    '/auth/inter.woff2',
    {
      type: 'font/woff2',
      bytes: readFileSync(resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2')),
      cache: 'public, max-age=31536000, immutable',
    },
  ],
  // Its address stays when it changes.
  [SCRIPT, { type: 'text/javascript; charset=utf-8', bytes: Buffer.from(passkeys), cache: 'public, max-age=300' }],
])
