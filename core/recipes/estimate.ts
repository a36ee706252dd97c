import type { Estimate } from '#contract/recipes.ts'
import type { Codec, Ladder, PlannedRung } from '#ports/transcoder.ts'
import { perSecond } from './ladder.ts'
import { PRICES, rungPrice, soundPrice } from './prices.ts'

/** Processor seconds for a million pixels, measured on one core of a Zen 4 server with the shipped recipes; docs/recipes.md. */
const ENCODE: Record<Codec, Record<string, number>> = {
  h264: { ultrafast: 0.004, superfast: 0.008, veryfast: 0.0105, faster: 0.0155, fast: 0.018, medium: 0.022, slow: 0.04 },
  av1: { '12': 0.014, '11': 0.016, '10': 0.019, '9': 0.025, '8': 0.029, '7': 0.04, '6': 0.06 },
}
/** An effort the table does not name is reckoned dear. */
const UNKNOWN_EFFORT = 0.06
const DECODE = 0.0026
const SOUND_A_SECOND = 0.034
const PICTURES_A_SECOND = 0.007

/** Lectures need less than their cap: on average four tenths of it. */
const USUAL_SHARE = 0.4

type Source = { durationSeconds: number; width: number; height: number }

const megapixels = ({ width, height }: { width: number; height: number }, fps: number): number => (width * height * fps) / 1e6

type Amounts = Estimate['rungs'][number]

const amountsOf = (rung: PlannedRung, { seconds, fps }: { seconds: number; fps: number }): Amounts => {
  const { name, codec, width, height, effort, maxrateKbps } = rung
  const microUsd = rungPrice(rung, { seconds, fps })
  return {
    ...{ name, codec, width, height },
    bytes: Math.round((seconds * maxrateKbps * 1000 * USUAL_SHARE) / 8),
    machineSeconds: Math.ceil(seconds * megapixels(rung, fps) * (ENCODE[codec][effort] ?? UNKNOWN_EFFORT)),
    ...(microUsd !== undefined && { microUsd }),
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0)

/** What a source would take in these ladders: processor time and disk at home, money by the price table on AWS. */
export const estimateOf = (source: Source, { recipe, ladders, encoders }: { recipe: string; ladders: readonly Ladder[]; encoders: number }): Estimate => {
  const { durationSeconds: seconds } = source
  const rungs = ladders.flatMap((ladder) => ladder.rungs.map((rung) => amountsOf(rung, { seconds, fps: perSecond(ladder.fps) })))
  const [first] = ladders
  const fps = first ? perSecond(first.fps) : 30
  const others = Math.ceil(seconds * (ladders.length * megapixels(source, fps) * DECODE + SOUND_A_SECOND + PICTURES_A_SECOND))
  const machineSeconds = sum(rungs.map((rung) => rung.machineSeconds)) + others
  const prices = rungs.map((rung) => rung.microUsd)
  const hasPrices = prices.every((price) => price !== undefined)
  return {
    ...{ recipe, durationSeconds: seconds, rungs, machineSeconds },
    wallSeconds: Math.ceil(machineSeconds / Math.max(1, encoders)),
    bytes: sum(rungs.map((rung) => rung.bytes)) + Math.round((seconds * (first?.audioKbps ?? 0) * 1000) / 8),
    microUsd: sum(prices.map((price) => price ?? 0)) + soundPrice(seconds),
    isPriced: hasPrices,
    pricesOf: { ...PRICES },
  }
}
