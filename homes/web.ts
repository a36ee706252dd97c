import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { event } from '#core/events.ts'
import { SHELL_KEY } from '#core/shell.ts'
import type { World } from '#ports/world.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
}

/** What a file of the web app is, by its name. */
export const typeOf = (path: string): string => TYPES[extname(path)] ?? 'application/octet-stream'

/** The app's page goes into the store, where publishing finds it; a new one has every course's page written anew. */
export const deployWeb = async (world: Pick<World, 'objects' | 'tables' | 'clock' | 'ids'>, webRoot: string): Promise<void> => {
  const shell = await readFile(join(webRoot, 'index.html'), 'utf8')
  const version = createHash('sha256').update(shell).digest('hex').slice(0, 16)
  const before = await world.objects.get(SHELL_KEY)
  if (before && new TextDecoder().decode(before.bytes) === shell) return
  await world.objects.put(SHELL_KEY, shell, { type: typeOf('index.html') })
  await world.tables.commit([], [event(world, 'web.deployed', { version })])
}
