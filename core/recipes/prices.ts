import type { PlannedRung } from '#ports/transcoder.ts'

/**
 * AWS Elemental MediaConvert, on demand, Basic tier, US East (N. Virginia), without volume discounts: millionths of a US
 * dollar for a minute of output at up to 30 frames a second. The least that is charged for an output, 10 s, is counted.
 */
export const PRICES = { date: '2024-12-01', region: 'us-east-1' } as const

const H264_A_MINUTE = { sd: 7500, hd: 15_000, uhd: 30_000 } as const
const SOUND_A_MINUTE = 3000
/** From 30 frames a second on. */
const FAST_SHARE = 2
const LEAST_SECONDS = 10

const sizeOf = ({ width, height }: Pick<PlannedRung, 'width' | 'height'>): keyof typeof H264_A_MINUTE => {
  const short = Math.min(width, height)
  if (short < 720) return 'sd'
  return short <= 1080 ? 'hd' : 'uhd'
}

const minutes = (seconds: number): number => Math.max(LEAST_SECONDS, seconds) / 60

/** Undefined for what the table has no price of: AV1 belongs to a tier whose prices we have not read. */
export const rungPrice = (rung: PlannedRung, { seconds, fps }: { seconds: number; fps: number }): number | undefined => {
  if (rung.codec !== 'h264') return undefined
  return Math.ceil(H264_A_MINUTE[sizeOf(rung)] * (fps > 30.5 ? FAST_SHARE : 1) * minutes(seconds))
}

export const soundPrice = (seconds: number): number => Math.ceil(SOUND_A_MINUTE * minutes(seconds))
