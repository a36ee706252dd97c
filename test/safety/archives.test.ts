import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..', '..')

/** What unpacks: of Node and of fflate, which packs what people take along, and the packages that people take for it. */
const UNPACKS =
  /\b(?:create)?(?:Gunzip|Unzip|Inflate(?:Raw)?|Decompress|BrotliDecompress)\b|\b(?:gunzip|unzip|unzlib|inflate(?:Raw)?|decompress|brotliDecompress)(?:Sync)?\b|from '(?:tar|unzipper|yauzl|adm-zip|jszip|node-stream-zip|decompress)'/

/** A bomb needs somebody who unpacks it, and a path that leads out of its archive too. Backups are their owner's own. */
test('nothing that people send is ever unpacked', async () => {
  const found: string[] = []
  for (const folder of ['contract', 'core', 'api', 'vendors', 'homes', 'tasks'])
    for await (const path of glob(`${folder}/**/*.ts`, { cwd: ROOT }))
      if (!/\.(test|fixture|laws)\.ts$/.test(path) && !path.startsWith('homes/machine/backup/') && UNPACKS.test(await readFile(join(ROOT, path), 'utf8')))
        found.push(path)
  assert.deepEqual(found, [])
})
