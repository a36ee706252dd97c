import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sharesProcess } from './lengths.mjs'
import { TOGETHER } from './reporter.mjs'
import { root, schoolEnvironment, schoolNode } from './setup.mjs'
import { isColourful, red, Trouble } from './terminal.mjs'

/** After its last test's own limit: whoever is silent for longer has left something open. */
const SILENCE_AFTER_MS = 30_000

const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'coverage', 'cdk.out'])

/** @typedef {import('./reporter.mjs').Counts} Counts */

/**
 * The test files at or below a path, sorted.
 * @param {string} path
 * @returns {Promise<string[]>} relative to the root
 */
export const testFiles = async (path) => {
  const found = await stat(path).catch(() => {
    throw new Trouble(`There is no ${relative(root, path)}.`)
  })
  if (found.isFile()) return [relative(root, path)]
  const entries = await readdir(path, { withFileTypes: true })
  const ours = entries.filter(({ name }) => !name.startsWith('.') && !NOT_OURS.has(name))
  const below = ours.filter((entry) => entry.isDirectory() || entry.name.endsWith('.test.ts')).map(({ name }) => testFiles(join(path, name)))
  return (await Promise.all(below)).flat().sort()
}

/** One file that holds others, each a suite with hooks of its own, which the reporter tells apart again. @param {string} folder @param {readonly string[]} files */
const together = async (folder, files) => {
  const each = files.map((file) => `describe(${JSON.stringify(file)}, async () => { await import(${JSON.stringify(pathToFileURL(join(root, file)).href)}) })`)
  const path = join(folder, TOGETHER)
  await writeFile(path, ["import { describe } from 'node:test'", ...each].join('\n'))
  return [path]
}

/**
 * Runs test files one after another, each in a process of its own unless all share one, and keeps what is to be printed of them.
 * @param {readonly string[]} files
 * @param {{ timeoutMs: number, folder: string, env: Record<string, string> }} options `folder`: for the counts
 * @returns {Promise<{ printed: string, counts: Counts }>}
 */
export const runFiles = async (files, { timeoutMs, folder, env }) => {
  const place = await mkdtemp(join(folder, 'counts-'))
  const told = join(place, 'counts.json')
  const named = files.length > 1 && files.every(sharesProcess) ? await together(place, files) : files
  const how = [
    '--test-concurrency=1',
    `--test-timeout=${timeoutMs}`,
    `--test-reporter=${join(root, 'scripts', 'reporter.mjs')}`,
    '--test-reporter-destination=stdout',
  ]
  const all = {
    ...schoolEnvironment(),
    ...env,
    LECTERN_TEST_COUNTS: told,
    LECTERN_TEST_SILENCE: String((timeoutMs + SILENCE_AFTER_MS) / 1000),
    ...(isColourful && { LECTERN_COLOURS: '1' }),
  }
  const runner = spawn(await schoolNode(), ['--test', ...how, ...named], { cwd: root, env: all, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [runner.stdout, runner.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text) => {
      printed += text
    })
  }
  const code = await new Promise((done) => runner.on('error', () => done(127)).on('close', done))
  /** @type {Counts | undefined} */
  const counts = await readFile(told, 'utf8').then(JSON.parse, () => undefined)
  if (counts !== undefined && (code === 0 || counts.failed > 0)) return { printed, counts }
  const none = counts ?? { passed: 0, failed: 0, skipped: [], failures: [], files: [] }
  const reason = `The test runner ended with ${code} and named no failed test.`
  const failures = [...none.failures, { name: files.join(', '), place: reason, reason: '' }]
  return { printed: `${printed}  ${red(reason)}\n`, counts: { ...none, failed: none.failed + 1, failures } }
}
