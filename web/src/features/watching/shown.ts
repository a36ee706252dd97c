import { merged } from '#contract/stretches.ts'
import { type Stretch, TOP_SPEED } from '#contract/watching.ts'

/** A moment of a film, when it was on the screen (milliseconds of a clock that never goes back), and at what speed. */
export type Tick = { seconds: number; atMs: number; rate: number }

/** What a player has shown, and the tick from which it goes on; without one, the picture has jumped or not begun. */
export type Shown = { stretches: readonly Stretch[]; last?: Tick }

/** A tick is told a little after the picture it tells of. */
const LATE_SECONDS = 0.35
const INEXACT = 1.1

const isPlayed = (from: Tick, to: Tick): boolean => {
  const seconds = to.seconds - from.seconds
  const passed = Math.max(0, to.atMs - from.atMs) / 1000
  return seconds > 0 && seconds <= passed * Math.min(TOP_SPEED, Math.max(from.rate, to.rate)) * INEXACT + LATE_SECONDS
}

/** Another moment is on the screen. What lies between counts when it was played, at whatever speed, and not when it was jumped over. */
export const ticked = ({ stretches, last }: Shown, tick: Tick): Shown => {
  if (!last || !isPlayed(last, tick)) return { stretches, last: tick }
  return { stretches: merged([...stretches, { fromSeconds: last.seconds, toSeconds: tick.seconds }]), last: tick }
}

/** The picture is about to jump, or another film begins. */
export const cut = ({ stretches }: Shown): Shown => ({ stretches })
