import { lengthOf, merged } from '#contract/stretches.ts'
import type { Stretch } from '#contract/watching.ts'
import { backOffMs } from '../../lib/pauses.ts'

/** What has been shown and not been acknowledged. */
export type Untold = { positionSeconds: number; watched: Stretch[] }

/** Where it is kept meanwhile: it outlives the page. */
export type Kept = { write(untold: Untold): void; drop(): void }

export type Parts<Answer> = {
  kept: Kept
  send(untold: Untold, isLeaving: boolean): Promise<Answer>
  heard(answer: Answer): void
  /** `again`: the network is in the way. `gone`: nobody will ever hear this. */
  judge(error: unknown): 'again' | 'gone'
  /** Answers how to call it off. */
  later(run: () => void, milliseconds: number): () => void
  random(): number
}

export type Telling = {
  /** Adds to what is to be told. */
  note(positionSeconds: number, watched: readonly Stretch[]): void
  /** Tells it; while an answer is awaited, after that. The last word of a page waits for nothing. */
  tell(isLeaving?: boolean): Promise<void>
  stop(): void
}

/** A beat takes so many. */
const MOST_STRETCHES = 200
const BACK_OFF = { firstMs: 2_000, longestMs: 60_000 }

const bounded = (stretches: Stretch[]): Stretch[] => merged(stretches.toSorted((one, other) => lengthOf(other) - lengthOf(one)).slice(0, MOST_STRETCHES))

const withMore = (before: Untold | undefined, positionSeconds: number, watched: readonly Stretch[]): Untold => ({
  positionSeconds,
  watched: bounded(merged([...(before?.watched ?? []), ...watched])),
})

/** Tells a stream’s school what it has shown. What no answer came for is kept, and told again: the school counts nothing twice. */
export const telling = <Answer>({ kept, send, heard, judge, later, random }: Parts<Answer>): Telling => {
  let unsent: Untold | undefined
  let onItsWay: Untold | undefined
  let isWanted = false
  let isOver = false
  let tries = 0
  let cancel = (): void => undefined

  const all = (): Untold | undefined => {
    if (!onItsWay) return unsent
    return unsent ? withMore(onItsWay, unsent.positionSeconds, unsent.watched) : onItsWay
  }
  const failed = (error: unknown): void => {
    unsent = all()
    onItsWay = undefined
    isOver ||= judge(error) === 'gone'
    if (judge(error) === 'gone') kept.drop()
    if (!isOver) cancel = later(() => void tell(), backOffMs(tries, random(), BACK_OFF))
    tries += 1
  }
  const acknowledged = (): void => {
    tries = 0
    onItsWay = undefined
    if (unsent && unsent.watched.length > 0) kept.write(unsent)
    else kept.drop()
  }
  const tell = async (isLeaving = false): Promise<void> => {
    isWanted ||= onItsWay !== undefined
    if (onItsWay && !isLeaving) return
    const untold = all()
    if (isOver || !untold) return
    cancel()
    onItsWay = untold
    ;[unsent, isWanted] = [undefined, false]
    try {
      const answer = await send(untold, isLeaving)
      // The last word took along what was on its way before it.
      if (onItsWay === untold) acknowledged()
      heard(answer)
    } catch (error) {
      if (onItsWay === untold) failed(error)
    }
    if (isWanted && !onItsWay && tries === 0) await tell()
  }
  return {
    note(positionSeconds, watched) {
      unsent = withMore(unsent, positionSeconds, watched)
      const untold = all()
      if (untold && untold.watched.length > 0 && !isOver) kept.write(untold)
    },
    tell,
    stop() {
      isOver = true
      cancel()
    },
  }
}
