/** What reading all packets of one stream showed, in seconds as stored. */
export type Reach = {
  packets: number
  keyFrames: number
  first: number | undefined
  end: number
  lastKey: number | undefined
  longestGap: number
  lastDecode: number | undefined
  /** The longest time from one packet to the next, and the furthest one goes back behind the one before. */
  longestWait: number
  furthestBack: number
  /** How many packets follow the one before after so many milliseconds. */
  steps: Map<number, number>
}

export const newReach = (): Reach => ({
  ...{ packets: 0, keyFrames: 0, first: undefined, end: 0 },
  ...{ lastKey: undefined, longestGap: 0, lastDecode: undefined, longestWait: 0, furthestBack: 0, steps: new Map<number, number>() },
})

type Packet = { pts: number | undefined; dts: number | undefined; duration: number; isKeyframe: boolean }

/** Different steps that are kept apart; a file with more is not steady anyway. */
const MOST_STEPS = 200

export const note = (reach: Reach, { pts, dts, duration, isKeyframe }: Packet): void => {
  reach.packets += 1
  if (isKeyframe) reach.keyFrames += 1
  const at = pts ?? dts
  if (at !== undefined) {
    reach.first = Math.min(reach.first ?? at, at)
    reach.end = Math.max(reach.end, at + duration)
    if (isKeyframe) {
      if (reach.lastKey !== undefined) reach.longestGap = Math.max(reach.longestGap, at - reach.lastKey)
      reach.lastKey = at
    }
  }
  const decode = dts ?? pts
  if (decode === undefined) return
  if (reach.lastDecode !== undefined) {
    reach.longestWait = Math.max(reach.longestWait, decode - reach.lastDecode)
    // Times of showing go back and forth by themselves.
    if (dts !== undefined) reach.furthestBack = Math.max(reach.furthestBack, reach.lastDecode - decode)
    const step = Math.round((decode - reach.lastDecode) * 1000)
    if (reach.steps.size < MOST_STEPS || reach.steps.has(step)) reach.steps.set(step, (reach.steps.get(step) ?? 0) + 1)
  }
  reach.lastDecode = decode
}

/** Also the wait from the last key frame to the end. */
export const longestGap = (reach: Reach | undefined): number => (reach?.lastKey === undefined ? 0 : Math.max(reach.longestGap, reach.end - reach.lastKey))

/** All but a few packets follow one another alike; two milliseconds are a matter of rounding. */
export const isSteady = (reach: Reach | undefined): boolean => {
  const steps = [...(reach?.steps ?? [])]
  const all = steps.reduce((sum, [, count]) => sum + count, 0)
  const [usual] = steps.toSorted((a, b) => b[1] - a[1])[0] ?? [0]
  const alike = steps.reduce((sum, [step, count]) => sum + (Math.abs(step - usual) <= 2 ? count : 0), 0)
  return all < 10 || alike >= all * 0.97
}
