import type { Told } from '#homes/move/move.ts'
import { duration } from '../terminal.mjs'

const CELLS = 24
/** How often it is drawn: on a terminal, and in a log. */
const LIVE_MS = 200
const LOG_MS = 15_000

export const bytesInWords = (bytes: number): string => {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let [left, at] = [bytes, 0]
  while (left >= 999.5 && at < units.length - 1) {
    left /= 1000
    at += 1
  }
  return `${at === 0 ? left : left.toFixed(left < 10 ? 1 : 0)} ${units[at]}`
}

export const numberInWords = (count: number): string => count.toLocaleString('en-GB')

type Totals = { people: number; items: number; objects: number }
type Screen = { write(text: string): void; isLive: boolean; now(): number }

const isCounted = (phase: Told['phase']): phase is keyof Totals => phase === 'people' || phase === 'items' || phase === 'objects'

/** One line of a phase: how much of it is done, how fast it goes, and how long it still takes at that rate. */
export const barLine = (phase: keyof Totals, { done, total, began, elapsedMs }: { done: number; total: number; began: number; elapsedMs: number }): string => {
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const filled = Math.floor(share * CELLS)
  const words = phase === 'objects' ? bytesInWords : numberInWords
  const perSecond = elapsedMs > 0 ? ((done - began) * 1000) / elapsedMs : 0
  const pace = perSecond > 0 ? `  ${words(Math.round(perSecond))}/s` : ''
  const left = perSecond > 0 && done < total ? `  ${duration(((total - done) / perSecond) * 1000)} left` : ''
  const bar = '█'.repeat(filled) + '░'.repeat(CELLS - filled)
  return `${phase.padEnd(8)} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${words(done)} of ${words(total)}${pace}${left}`
}

type Phase = { name: keyof Totals; began: number; startedAt: number; drawnAt: number; done: number }

/** Draws how far a move is; in a log a line now and then. What was carried before, by a run that stopped, counts as done and not as pace. */
export const movingBar = (totals: Totals, before: Totals, { write, isLive, now }: Screen) => {
  let phase: Phase | undefined
  const draw = ({ name, done, began, startedAt }: Phase): void => {
    const line = barLine(name, { done, total: totals[name], began, elapsedMs: now() - startedAt })
    write(isLive ? `\r\u001b[2K  ${line}` : `  ${line}\n`)
  }
  const end = (): void => {
    if (!phase) return
    draw(phase)
    if (isLive) write('\n')
    phase = undefined
  }
  return {
    end,
    tell({ phase: name, done }: Told): void {
      if (phase && phase.name !== name) end()
      if (!isCounted(name)) return
      phase ??= { name, began: before[name], startedAt: now(), drawnAt: now(), done }
      phase.done = done
      if (now() - phase.drawnAt < (isLive ? LIVE_MS : LOG_MS)) return
      phase.drawnAt = now()
      draw(phase)
    },
  }
}

/** The same of bytes alone, whose sum is told along. */
export const byteBar = (screen: Screen) => {
  let bar: ReturnType<typeof movingBar> | undefined
  return {
    end: (): void => bar?.end(),
    tell(done: number, total: number): void {
      bar ??= movingBar({ people: 0, items: 0, objects: total }, { people: 0, items: 0, objects: 0 }, screen)
      bar.tell({ phase: 'objects', done })
    },
  }
}
