import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compressor, encodingFor } from '../compression.ts'
import { SCRIPT } from './layout.ts'

const { resolve } = createRequire(import.meta.url)

const bundle = join(dirname(resolve('@simplewebauthn/browser')), '..', 'dist', 'bundle', 'index.umd.min.js')
const passkeys = [readFileSync(bundle, 'utf8'), readFileSync(new URL('./passkeys.browser.js', import.meta.url), 'utf8')].join('\n')

type PageFile = { type: string; bytes: Buffer; cache: string }

/** What the pages of the provider are drawn and run with. */
const PAGE_FILES: ReadonlyMap<string, PageFile> = new Map([
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

const compressed = compressor()

/** Answers whoever asks for one of them; false where it is none. */
export const servePageFile = async ({ headers }: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
  const file = PAGE_FILES.get(path)
  if (!file) return false
  const encoding = encodingFor(headers, file.type, file.bytes.byteLength)
  const bytes = encoding ? await compressed(path, encoding, async () => file.bytes) : file.bytes
  const told = { 'content-type': file.type, 'content-length': bytes.byteLength, 'cache-control': file.cache, vary: 'accept-encoding' }
  response.writeHead(200, { ...told, ...(encoding && { 'content-encoding': encoding }) })
  response.end(bytes)
  return true
}
