import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A program as `tasks` begins it, which writes down that it was begun, into the folder RAN_FOLDER. With `fails` in its run it ends with
 * code 3, with `pair` when both of a pair have begun, with `waits` when somebody lets it go, with `stuck` never; with `tells` it ends by
 * writing what its environment holds, with `speaks` by saying much.
 */
const { RAN_FOLDER: folder = '', PROGRAM: name = '', RUN: run = '' } = process.env

const EVERY_MS = 10
const MOST_MS = 20_000

const until = (isSo: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const began = Date.now()
    const look = setInterval(() => {
      if (Date.now() - began > MOST_MS) process.exit(4)
      if (!isSo()) return
      clearInterval(look)
      resolve()
    }, EVERY_MS)
  })

mkdirSync(folder, { recursive: true })
const linesOf = (): string[] => (existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8').split('\n') : [])
appendFileSync(join(folder, 'ran'), `${JSON.stringify({ name, run, pid: process.pid })}\n`)
if (run.includes('pair')) await until(() => linesOf().filter((line) => line.includes('pair')).length >= 2)
if (run.includes('waits')) await until(() => readdirSync(folder).includes(`go-${run}`))
if (run.includes('stuck')) await until(() => false)
if (run.includes('tells')) writeFileSync(join(folder, 'environment.json'), JSON.stringify(process.env))
if (run.includes('speaks'))
  for (let line = 0; line < 50; line += 1) {
    process.stderr.write(`Line ${line} of what it has to say.\n`)
    await new Promise(setImmediate)
  }
if (run.includes('fails')) {
  process.stderr.write('It went wrong here.\n')
  process.exitCode = 3
}
appendFileSync(join(folder, 'ended'), `${run}\n`)
