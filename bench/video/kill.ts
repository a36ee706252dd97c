import { once } from 'node:events'
import { type BenchOptions, type Entry, row } from '../rows.ts'
import { isFinished, openHost } from './contest.ts'
import type { Request } from './ours.ts'

/** Kills our transcoder half-way, starts it again on what is left, and counts what was done twice. */
export const killed = async (request: Request, wallSeconds: number, { say }: BenchOptions): Promise<Entry[]> => {
  const made: string[] = []
  const begun: string[] = []
  const open = () =>
    openHost(request, (told) => {
      if (told.kind === 'worker began') begun.push(told.what)
      if (told.kind === 'piece made') made.push(told.what)
      if (told.kind === 'warned') say(`warned: ${told.detail}`)
    })
  const victim = open()
  const halfway = setTimeout(() => victim.child.kill('SIGKILL'), (wallSeconds / 2) * 1000)
  const [, signal] = await once(victim.child, 'exit')
  clearTimeout(halfway)
  if (signal !== 'SIGKILL') throw new Error('Our transcoder ended before it could be killed.')
  say(`killed with ${made.length} pieces made and ${begun.length - made.length} begun`)
  const heir = open()
  await heir.until(isFinished).finally(() => heir.stop())
  const twice = (names: readonly string[]): number => names.length - new Set(names).size
  const remade = made.filter((name, index) => made.indexOf(name) !== index)
  if (remade.length > 0) say(`made twice: ${remade.join(', ')}`)
  return [
    row({ name: 'video.kill.made-twice', unit: 'pieces', yardstick: 'limit after kill -9', ours: twice(made), theirs: 1, goal: 1 }),
    row({ name: 'video.kill.begun-twice', unit: 'pieces', yardstick: 'encoders at work', ours: twice(begun), theirs: request.encoders }),
  ]
}
