import { once } from 'node:events'
import { type BenchOptions, type Entry, row } from '../rows.ts'
import { isFinished, openHost } from './contest.ts'
import { isChunk, type Request } from './ours.ts'

/** A kill at the very moment a piece is recorded would be a mild one. */
const LATEST_SECONDS = 3

/** Kills our transcoder soon after its first chunk is made, starts it again on what is left, and counts what was done twice. */
export const killed = async (request: Request, { say }: BenchOptions): Promise<Entry[]> => {
  const made: string[] = []
  const begun: string[] = []
  const open = (onMade: (what: string) => void, onEnd: () => void) =>
    openHost(request, (told) => {
      if (told.kind === 'worker began') begun.push(told.what)
      if (told.kind === 'warned') say(`warned: ${told.detail}`)
      if (told.kind === 'transcoded') onEnd()
      if (told.kind !== 'piece made') return
      made.push(told.what)
      onMade(told.what)
    })
  let isDone = false
  const kill = (): unknown => victim.child.kill('SIGKILL')
  const onMade = (what: string): void => {
    if (isChunk(what)) setTimeout(kill, Math.random() * LATEST_SECONDS * 1000)
  }
  const onEnd = (): void => {
    isDone = true
    kill()
  }
  const victim = open(onMade, onEnd)
  await once(victim.child, 'exit')
  if (isDone) return [{ name: 'video.kill', yardstick: 'limit after kill -9', skipped: 'the film was done before the kill came: try more --seconds' }]
  say(`killed with ${made.length} pieces made; ${begun.length} workers had begun`)
  const heir = open(
    () => {},
    () => {},
  )
  await heir.until(isFinished).finally(() => heir.stop())
  const twice = (names: readonly string[]): number => names.length - new Set(names).size
  const remade = made.filter((name, index) => made.indexOf(name) !== index)
  if (remade.length > 0) say(`made twice: ${remade.join(', ')}`)
  return [
    row({ name: 'video.kill.made-twice', unit: 'pieces', yardstick: 'limit after kill -9', ours: twice(made), theirs: 1, goal: 1 }),
    row({ name: 'video.kill.begun-twice', unit: 'pieces', yardstick: 'encoders at work', ours: twice(begun), theirs: request.encoders }),
  ]
}
