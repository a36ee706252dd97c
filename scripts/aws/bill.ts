import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { hearings, timers } from '#core/platform.ts'
import { estimateOf } from '#core/recipes/estimate.ts'
import { laddersOf } from '#core/recipes/ladder.ts'
import { SHIPPED } from '#core/recipes/recipe.ts'

/** Of what goes beyond `free`: up to each bound (of the whole month, null for no end) at so many dollars for `each` units. */
const Price = z.object({
  each: z.number().positive(),
  unit: z.string(),
  free: z.number().nonnegative(),
  usd: z.array(z.tuple([z.number().nullable(), z.number().nonnegative()])).min(1),
})
export type Price = z.infer<typeof Price>

const NAMES = [
  ...['lambdaRequests', 'lambdaGbSeconds', 'httpApiRequests', 'dynamoWrites', 'dynamoReads', 'dynamoGb', 'dynamoBackupGb', 'pipeRequests'],
  ...['busEvents', 'scheduleRuns', 'sqsRequests', 's3Gb', 's3Puts', 's3Gets', 'edgeGb', 'edgeRequests', 'edgeFunctions', 'cognitoPeople'],
  ...['secrets', 'logGb', 'alarms', 'dashboards', 'letters', 'fargateCpuHours', 'fargateGbHours', 'addressHours'],
] as const
type Name = (typeof NAMES)[number]
const Prices = z.object({ date: z.iso.date(), region: z.string(), says: z.string(), prices: z.record(z.enum(NAMES), Price) })
export type Prices = z.infer<typeof Prices>

export const readPrices = (): Prices =>
  Prices.parse(JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'operations', 'aws-prices.json'), 'utf8')))

/** Dollars for a quantity: what is free first, then tier by tier. */
export const costOf = (quantity: number, { each, free, usd }: Price): number => {
  let [from, cost] = [free, 0]
  for (const [bound, price] of usd) {
    const upTo = Math.min(quantity, bound === null ? quantity : Math.max(bound, from))
    cost += (Math.max(0, upTo - from) / each) * price
    from = Math.max(from, upTo)
  }
  return cost
}

/** A month of one school. */
export type Month = { name: string; learners: number; watchedHours: number; storedHours: number; newHours: number; lessons: number }

export const MONTHS: readonly Month[] = [
  { name: 'Idle', learners: 0, watchedHours: 0, storedHours: 20, newHours: 0, lessons: 0 },
  { name: '100 learners', learners: 100, watchedHours: 600, storedHours: 60, newHours: 5, lessons: 20 },
  { name: '10,000 learners', learners: 10_000, watchedHours: 60_000, storedHours: 300, newHours: 20, lessons: 100 },
]

/** What is taken for granted, so that whoever knows better can reckon anew. Printed on the page. */
export const SUPPOSED = {
  secondsInMonth: 30.4 * 86_400,
  /** The whole of 1080p in the standard recipe is more; learners watch a mixture. */
  watchedMbps: 1.8,
  segmentSeconds: 4,
  sourceGbAnHour: 3,
  apiCallsAnHourWatched: 192,
  apiCallsALearner: 100,
  apiSeconds: 0.12,
  apiMemoryGb: 1,
  readsACall: 5,
  /** A beat is a transaction of two items, and a transaction counts twice. */
  writesACall: 4,
  eventsALearner: 20,
  listenerSeconds: 0.25,
  smallMemoryGb: 0.5,
  timerSeconds: 0.4,
  timerReads: 20,
  lettersALearner: 4,
  tableKbALearner: 60,
  logKbACall: 1,
  /** Lambda asks a queue in five long polls of twenty seconds, all month. */
  pollsAQueueSecond: 5 / 20,
  /** Two containers a lesson, of half a processor and a gigabyte, each paid from its image on. What the model asks for is not AWS's bill. */
  containersALesson: 2,
  containerMinutes: 3,
  containerCpus: 0.5,
  containerMemoryGb: 1,
  alarms: 62,
  secrets: 4,
} as const

const FULL_HD = { width: 1920, height: 1080, fps: { num: 30, den: 1 } }

/** An hour of 1080p in the standard recipe: what it is stored in, and what making it costs, by the school's own estimate. */
export const hourOfVideo = (): { gb: number; usd: number; pricesOf: string } => {
  const [standard] = SHIPPED
  if (!standard) throw new Error('There is no recipe.')
  const ladders = [laddersOf(FULL_HD, standard).first]
  const { bytes, microUsd, pricesOf } = estimateOf({ durationSeconds: 3600, ...FULL_HD }, { recipe: standard.name, ladders, encoders: 1 })
  return { gb: bytes / 1e9, usd: microUsd / 1e6, pricesOf: pricesOf.date }
}

const listeners = hearings.map(({ name, hears }) => ({ feature: name.split('.')[0], hears }))
/** As the stacks have them: a queue for each feature that listens, and those of MediaConvert's news, of uploads, of sign-ups and of programs' news. */
export const QUEUES = new Set(listeners.map(({ feature }) => feature)).size + 4
const LISTENERS_AN_EVENT = listeners.length / new Set(listeners.map(({ hears }) => hears)).size
const PACES = [...new Set(timers.map(({ everySeconds }) => everySeconds))]

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0)

/** How much of everything a month takes. */
const usageOf = ({ learners, watchedHours, storedHours, newHours, lessons }: Month): Record<Name, number> => {
  const s = SUPPOSED
  const calls = watchedHours * s.apiCallsAnHourWatched + learners * s.apiCallsALearner
  // A lesson is told of some ten times, from its moment to its merging.
  const events = learners * s.eventsALearner + newHours * 20 + lessons * 10
  const containerHours = (lessons * s.containersALesson * s.containerMinutes) / 60
  const deliveries = events * LISTENERS_AN_EVENT
  const runs = sum(PACES.map((pace) => s.secondsInMonth / pace))
  const segments = (watchedHours * 3600 * 2) / s.segmentSeconds
  const tableGb = 0.05 + (learners * s.tableKbALearner) / 1e6
  const newObjects = newHours * (3600 / s.segmentSeconds) * 5
  return {
    lambdaRequests: calls + deliveries + runs,
    lambdaGbSeconds: calls * s.apiSeconds * s.apiMemoryGb + (deliveries * s.listenerSeconds + runs * s.timerSeconds) * s.smallMemoryGb,
    httpApiRequests: calls,
    dynamoWrites: calls * s.writesACall + deliveries * s.writesACall,
    dynamoReads: calls * s.readsACall + deliveries * s.readsACall + runs * s.timerReads,
    dynamoGb: tableGb,
    dynamoBackupGb: tableGb,
    pipeRequests: events,
    busEvents: events,
    scheduleRuns: runs,
    sqsRequests: QUEUES * s.pollsAQueueSecond * s.secondsInMonth + deliveries * 3,
    s3Gb: storedHours * (hourOfVideo().gb + s.sourceGbAnHour),
    s3Puts: newObjects + learners + lessons * 4,
    s3Gets: segments * 0.1 + calls * 0.1,
    edgeGb: (watchedHours * 3600 * s.watchedMbps) / 8000 + learners * 0.02,
    edgeRequests: segments + calls,
    edgeFunctions: calls,
    cognitoPeople: learners,
    secrets: s.secrets,
    logGb: ((calls + deliveries + runs) * s.logKbACall) / 1e6,
    alarms: s.alarms,
    dashboards: 1,
    letters: learners * s.lettersALearner,
    fargateCpuHours: containerHours * s.containerCpus,
    fargateGbHours: containerHours * s.containerMemoryGb,
    addressHours: containerHours,
  }
}

export type Line = { service: string; parts: { what: string; quantity: number; unit: string; usd: number }[]; usd: number }

const SERVICES: Record<string, readonly Name[]> = {
  'CloudFront (videos, pages)': ['edgeGb', 'edgeRequests', 'edgeFunctions'],
  'API Gateway': ['httpApiRequests'],
  Lambda: ['lambdaRequests', 'lambdaGbSeconds'],
  DynamoDB: ['dynamoWrites', 'dynamoReads', 'dynamoGb', 'dynamoBackupGb'],
  'SQS (mostly Lambda asking whether there is anything)': ['sqsRequests'],
  EventBridge: ['pipeRequests', 'busEvents', 'scheduleRuns'],
  S3: ['s3Gb', 's3Puts', 's3Gets'],
  Cognito: ['cognitoPeople'],
  'Secrets Manager': ['secrets'],
  CloudWatch: ['logGb', 'alarms', 'dashboards'],
  SES: ['letters'],
  'Fargate (lessons written and proposed)': ['fargateCpuHours', 'fargateGbHours', 'addressHours'],
}

/** The bill of a month, line by line. Pure: the same table and month give the same bill. */
export const reckon = (month: Month, { prices }: Pick<Prices, 'prices'>): { lines: Line[]; usd: number } => {
  const usage = usageOf(month)
  const lines = Object.entries(SERVICES).map(([service, names]): Line => {
    const parts = names.map((name) => ({ what: name, quantity: usage[name], unit: prices[name].unit, usd: costOf(usage[name], prices[name]) }))
    return { service, parts, usd: sum(parts.map(({ usd }) => usd)) }
  })
  const hour = hourOfVideo()
  const making = { what: 'transcoding', quantity: month.newHours, unit: 'hours of 1080p', usd: month.newHours * hour.usd }
  const all = [...lines, { service: 'MediaConvert (Basic tier)', parts: [making], usd: making.usd }]
  return { lines: all, usd: sum(all.map(({ usd }) => usd)) }
}
