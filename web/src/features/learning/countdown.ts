/** Seconds until the next lesson begins by itself. `left` is undefined once nothing is coming any more. */
export type Countdown = { left: number | undefined; isOver: boolean }

export const COUNTDOWN_SECONDS = 10

export const counting = (seconds = COUNTDOWN_SECONDS): Countdown => ({ left: seconds, isOver: false })
export const stopped = (): Countdown => ({ left: undefined, isOver: false })

/** A second later. It is over exactly once. */
export const ticked = ({ left }: Countdown): Countdown => {
  if (left === undefined) return stopped()
  return left <= 1 ? { left: undefined, isOver: true } : { left: left - 1, isOver: false }
}
