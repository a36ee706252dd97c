import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SCRATCH } from '#homes/machine/scratch-names.ts'
import { checkDataFolder, isInstalled } from './setup.mjs'

type Packages = Record<string, { version: string; optional?: boolean; inBundle?: boolean }>

const ASKED: Packages = {
  'node_modules/a': { version: '1.0.0' },
  'node_modules/a/node_modules/within': { version: '2.0.0', inBundle: true },
  'node_modules/for-another-machine': { version: '3.0.0', optional: true },
}

for (const [name, installed, expected] of [
  ['what npm leaves out of its own list is no reason to install again', { 'node_modules/a': { version: '1.0.0' } }, true],
  ['a package of another version is', { 'node_modules/a': { version: '1.0.1' } }, false],
  ['so is one that is not there', {}, false],
] as const) {
  test(name, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-installed-'))
    t.after(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, '.package-lock.json'), JSON.stringify({ packages: installed }))
    assert.equal(await isInstalled(JSON.stringify({ packages: ASKED }), true, folder), expected)
  })
}

test('what a data folder is tried with is called as a backup knows it, and leaves it out', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-probe-'))
  t.after(() => rm(folder, { recursive: true }))
  await checkDataFolder(folder)
  await mkdir(join(folder, `${SCRATCH.probe}${process.pid}`))
  await assert.rejects(checkDataFolder(folder), /cannot be written to \(EISDIR\)/)
})
