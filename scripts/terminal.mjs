import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

export const isColourful = (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined) || process.env['LECTERN_COLOURS'] === '1'
const isLive = process.stdout.isTTY === true && process.env['CI'] === undefined

/** @param {string} code */
const ink = (code) => (/** @type {string} */ text) => (isColourful ? `\u001b[${code}m${text}\u001b[0m` : text)
export const bold = ink('1')
export const dim = ink('2')
export const red = ink('31')
export const green = ink('32')
export const yellow = ink('33')

/** Expected trouble: told in words, never with a stack. `details` is what a tool said about it. */
export class Trouble extends Error {
  /**
   * @param {string} message
   * @param {string} [details]
   */
  constructor(message, details = '') {
    super(message)
    this.details = details
  }
}

/** @param {string} line */
export const say = (line = '') => process.stdout.write(line === '' ? '\n' : `  ${line}\n`)

/** @param {number} milliseconds */
export const duration = (milliseconds) => {
  if (milliseconds < 950) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} m ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/**
 * Shows that work goes on: a turning sign on a terminal, a line every fifteen seconds in a log.
 * @param {() => string} doing
 */
export const progress = (doing) => {
  const started = performance.now()
  let frame = 0
  const tick = () => {
    const elapsed = duration(performance.now() - started)
    frame += 1
    if (!isLive) say(`… ${doing()}, ${elapsed}`)
    else process.stdout.write(`\r\u001b[2K  ${FRAMES[frame % FRAMES.length]} ${doing().slice(0, process.stdout.columns - 15)} ${dim(elapsed)}`)
  }
  const timer = setInterval(tick, isLive ? 100 : 15_000)
  return () => {
    clearInterval(timer)
    wipe()
    return duration(performance.now() - started)
  }
}

/** Takes the turning sign away, so that something can be written in its place. */
export const wipe = () => {
  if (isLive) process.stdout.write('\r\u001b[2K')
}

/**
 * Runs one step and prints what it did and how long it took.
 * @param {string} title
 * @param {string} doing what to say meanwhile
 * @param {() => string | Promise<string>} work answers with what it did, in a few words
 */
export const step = async (title, doing, work) => {
  const stop = progress(() => `${title.padEnd(10)} ${doing}`)
  try {
    const done = await work()
    say(`${green('✓')} ${title.padEnd(10)} ${done} ${dim(stop())}`)
  } catch (error) {
    say(`${red('✗')} ${title.padEnd(10)} ${dim(stop())}`)
    throw error
  }
}

/**
 * Runs a program to its end and keeps what it says, without colours.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number, output: string }>} 127 when it could not be started
 */
export const run = (command, args, { cwd, env = process.env }) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-200_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ code: 127, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, output: stripVTControlCharacters(output).trim() }))
  })

/**
 * Ends the program: expected trouble in a line or two, anything else whole.
 * @param {unknown} error
 * @returns {never}
 */
export const end = (error) => {
  if (!(error instanceof Trouble)) throw error
  process.stderr.write(`\n  ${red(error.message)}\n`)
  if (error.details !== '')
    process.stderr.write(
      `\n${error.details
        .split('\n')
        .slice(-30)
        .map((line) => `    ${line}`)
        .join('\n')}\n`,
    )
  process.stderr.write('\n')
  process.exit(1)
}
