import { writeFileSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import { inspect } from 'node:util'
import { dim, duration, green, red } from './terminal.mjs'

/** @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[], failures: { name: string, place: string, reason: string }[], files: { file: string, seconds: number }[] }} Counts */
/** @typedef {{ name: string, nesting: number, file?: string, line?: number, entryFile?: string, message?: string, skip?: unknown, todo?: unknown, success?: boolean, duration_ms?: number, tests?: { name: string }[], details?: { type?: string, duration_ms?: number, error?: Error & { failureType?: string, cause?: unknown } } }} Told */

// Longer than any one test may take, so whoever sets a test's limit says it: then a file has ended its tests and left something open.
const SILENCE_SECONDS = Number(process.env['LECTERN_TEST_SILENCE'] ?? 330)
const OUTPUT_BYTES = 4000
/** Where every promise is to be tried, as on a machine that was got for it: there, a test that is skipped is one that failed. */
const MAY_SKIP = process.env['LECTERN_TEST_ALL'] === undefined
/** Of a failure's reason, in the list at the end. */
const BRIEF_CHARACTERS = 600

/** The file that holds others as suites of their names. */
export const TOGETHER = 'together.test.mjs'

/** @param {unknown} mark */
const isSet = (mark) => mark !== undefined && mark !== false

/** @param {string} text */
const indent = (text) => text.replace(/^/gm, '      ')

/** Stack lines of Node itself tell nothing about the school. @param {string} text */
const withoutInternals = (text) =>
  text
    .split('\n')
    .filter((line) => !/^\s+at .*(node:|\/node_modules\/|<anonymous>\)$)/.test(line))
    .join('\n')

/** @param {Told} data */
const why = ({ details }) => {
  const cause = details?.error?.cause ?? details?.error
  if (typeof cause === 'string') return cause
  if (!(cause instanceof Error)) return inspect(cause)
  const below = cause.cause === undefined ? '' : `\nbecause ${cause.cause instanceof Error ? cause.cause.stack : inspect(cause.cause)}`
  return withoutInternals(`${cause.stack ?? cause.message}${below}`)
}

/** @param {string | undefined} file */
const shown = (file) => (file === undefined ? '' : relative(process.cwd(), file))

/** What is known of the run so far. */
const emptyTally = () => ({
  /** @type {Counts} */
  counts: { passed: 0, failed: 0, skipped: [], failures: [], files: [] },
  /** @type {Map<string, { passed: number, failed: number, skipped: number, output: string, told: string[] }>} */
  files: new Map(),
  /** @type {string[]} the names above the test being told of */
  path: [],
  /** @type {Set<string>} where a test has others inside: only leaves are counted */
  parents: new Set(),
})
/** @typedef {ReturnType<typeof emptyTally>} Tally */

/** @param {Tally} tally @param {Told} data */
const fileOf = ({ files }, data) => {
  const key = shown(data.entryFile ?? data.file)
  const found = files.get(key) ?? { passed: 0, failed: 0, skipped: 0, output: '', told: [] }
  files.set(key, found)
  return found
}

/** @param {Tally} tally @param {Told} data */
const named = ({ path }, data) => [...path.slice(0, data.nesting), data.name].join(' › ')

/** @param {Tally} tally @param {Told} data */
const started = ({ path, parents }, { file, name, nesting }) => {
  path[nesting] = name
  parents.delete(`${file}:${nesting}`)
  if (nesting > 0) parents.add(`${file}:${nesting - 1}`)
}

/** What a reason begins with, its stack left out, on one line. @param {string} reason */
const inBrief = (reason) => {
  const [said = ''] = reason.split(/\n\s+at /)
  const line = said.replaceAll(/\s+/g, ' ').trim()
  return line.length > BRIEF_CHARACTERS ? `${line.slice(0, BRIEF_CHARACTERS)}…` : line
}

/** @param {Tally} tally @param {Told} data @param {string} reason */
const countFailed = (tally, data, reason) => {
  tally.counts.failed += 1
  fileOf(tally, data).failed += 1
  const place = `${shown(data.file)}${data.line === undefined ? '' : `:${data.line}`}`
  tally.counts.failures.push({ name: named(tally, data), place, reason: inBrief(reason) })
  return `\n  ${red('✗')} ${named(tally, data)}\n    ${dim(place)}\n${indent(reason.trimEnd())}\n\n`
}

/** @param {Tally} tally @param {Told} data @param {string} reason */
const countSkipped = (tally, data, reason) => {
  if (!MAY_SKIP) return countFailed(tally, data, `It was skipped: ${reason}`)
  fileOf(tally, data).skipped += 1
  tally.counts.skipped.push({ name: named(tally, data), reason })
  return ''
}

/** @param {Tally} tally @param {Told} data */
const passed = (tally, data) => {
  // Node tells of a file as of a test when no test was declared in it.
  if (data.entryFile === undefined) return countFailed(tally, data, 'No test was declared in this file.')
  // What a skipped suite holds is never declared: it counts as one.
  const isSkippedSuite = data.details?.type === 'suite' && isSet(data.skip)
  if (!isSkippedSuite && (data.details?.type === 'suite' || tally.parents.has(`${data.file}:${data.nesting}`))) return ''
  if (isSet(data.skip)) return countSkipped(tally, data, typeof data.skip === 'string' ? data.skip : 'no reason given')
  if (isSet(data.todo)) return countSkipped(tally, data, typeof data.todo === 'string' ? data.todo : 'to be written')
  tally.counts.passed += 1
  fileOf(tally, data).passed += 1
  return ''
}

/** @param {Tally} tally @param {Told} data */
const failed = (tally, data) => {
  if (isSet(data.todo)) return countSkipped(tally, data, typeof data.todo === 'string' ? data.todo : 'to be written')
  // A suite, or a test with others inside, that fails through them alone is told by them.
  if (data.details?.error?.failureType === 'subtestsFailed') return ''
  const wasLoaded = data.entryFile !== undefined
  return countFailed(tally, data, wasLoaded ? why(data) : withoutInternals(fileOf(tally, data).output || why(data)))
}

/** @param {Tally} tally @param {Told} data */
const summary = (tally, data) => {
  // The last one is of the whole run.
  if (data.file === undefined) return ''
  const file = fileOf(tally, data)
  tally.counts.files.push({ file: shown(data.file), seconds: (data.duration_ms ?? 0) / 1000 })
  const hasFailed = file.failed > 0
  const words = [`${file.passed} passed`, ...(hasFailed ? [`${file.failed} failed`] : []), ...(file.skipped > 0 ? [`${file.skipped} skipped`] : [])]
  const printed = hasFailed && file.output !== '' ? `${dim(indent(`it printed:\n${file.output.trimEnd()}`))}\n` : ''
  return `  ${hasFailed ? red('✗') : green('✓')} ${shown(data.file)} ${dim(`${words.join(', ')}, ${duration(data.duration_ms ?? 0)}`)}\n${file.told.map((line) => `    ${dim(line)}\n`).join('')}${printed}`
}

/** @typedef {{ type: string, data: Told }} Telling */

/** What is told of a file at its end, by what is told of the suite that it is. @param {Telling} told @param {string} file @param {boolean} isEmpty @returns {Telling[]} */
const endOfFile = ({ type, data }, file, isEmpty) => {
  const summary = { type: 'test:summary', data: { ...data, file, entryFile: file, duration_ms: data.details?.duration_ms ?? 0 } }
  if (type === 'test:fail') return [{ type, data: { ...data, file, entryFile: file } }, summary]
  return isEmpty ? [{ type, data: { name: data.name, nesting: 0, file } }, summary] : [summary]
}

/** @param {Telling} told */
const isEnd = ({ type }) => type === 'test:pass' || type === 'test:fail'

/**
 * Tells of files that shared a process as of those that did not: what is told of the suite that one of them is, is told of the file.
 * @param {AsyncIterable<Telling>} source
 * @returns {AsyncIterable<Telling>}
 */
async function* apart(source) {
  let file = ''
  let isEmpty = true
  for await (const told of source) {
    const { type, data } = told
    const isTogether = data.entryFile !== undefined && basename(data.entryFile) === TOGETHER
    const isWithin = data.nesting > 0 || type === 'test:stdout' || type === 'test:stderr'
    if (!isTogether) yield told
    else if (isWithin) yield { type, data: { ...data, nesting: data.nesting - 1, entryFile: file } }
    else if (isEnd(told)) yield* endOfFile(told, file, isEmpty)
    else if (type === 'test:start') file = resolve(data.name)
    if (isEnd(told)) isEmpty = !isWithin
  }
}

/** What a test has measured or found, beside that it holds. @param {Tally} tally @param {Told} data */
const noted = (tally, data) => {
  // Those of no file are Node's own, of the whole run.
  if (data.file !== undefined) fileOf(tally, data).told.push(data.message ?? '')
}

/** @param {Tally} tally @param {Told} data */
const printed = (tally, data) => {
  const file = fileOf(tally, { ...data, nesting: 0 })
  file.output = `${file.output}${data.message ?? ''}`.slice(-OUTPUT_BYTES)
}

/** @param {Counts} counts */
const keep = (counts) => {
  const target = process.env['LECTERN_TEST_COUNTS']
  if (target !== undefined) writeFileSync(target, JSON.stringify(counts))
}

/**
 * One line a file, each failure in full, and the counts for the closing line in the file that LECTERN_TEST_COUNTS names.
 * @param {AsyncIterable<{ type: string, data: Told }>} source
 */
export default async function* report(source) {
  const tally = emptyTally()
  const silence = setTimeout(() => process.kill(process.pid, 'SIGINT'), SILENCE_SECONDS * 1000)
  for await (const { type, data } of apart(source)) {
    silence.refresh()
    if (type === 'test:start') started(tally, data)
    if (type === 'test:stdout' || type === 'test:stderr') printed(tally, data)
    if (type === 'test:diagnostic') noted(tally, data)
    if (type === 'test:pass') yield passed(tally, data)
    if (type === 'test:fail') yield failed(tally, data)
    if (type === 'test:summary') yield summary(tally, data)
    if (type === 'test:interrupted') {
      const open = (data.tests ?? []).map((test) =>
        countFailed(
          tally,
          { ...test, nesting: 0 },
          'It did not end: a timer, a socket or a process is left open, here or in a file that was to end before it.',
        ),
      )
      // Node ends itself right after telling this.
      keep(tally.counts)
      yield open.join('')
    }
  }
  clearTimeout(silence)
  keep(tally.counts)
}
