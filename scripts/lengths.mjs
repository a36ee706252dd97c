/**
 * About how many seconds the long test files take on two cores, as `npm test -- --aws` tells the slowest at its end. Nothing breaks where
 * one is wrong or missing: it begins somewhat late.
 * @type {Record<string, number>}
 */
export const LENGTHS = {
  'homes/machine/transcoder-crash.test.ts': 175,
  'test/journeys/series.test.ts': 130,
  'test/journeys/every-page.test.ts': 120,
  'test/simulation/kills/kills.test.ts': 120,
  'test/aws/rehearsal/damage.test.ts': 105,
  'test/journeys/watching.test.ts': 100,
  'test/journeys/upload.test.ts': 100,
  'homes/machine/ffmpeg/awkward.test.ts': 100,
  'test/journeys/demo.test.ts': 100,
  'test/journeys/crash.test.ts': 95,
  'test/journeys/player.test.ts': 90,
  'test/journeys/pipeline.test.ts': 85,
  'test/journeys/flow.test.ts': 80,
  'test/journeys/captions.test.ts': 70,
  'homes/aws/moving.test.ts': 65,
  'test/series/outages.test.ts': 60,
  'test/journeys/quiz.test.ts': 55,
  'test/journeys/kinds.test.ts': 55,
  'test/journeys/storefront.test.ts': 55,
  'test/journeys/restore.test.ts': 55,
  'test/journeys/buying.test.ts': 50,
  'homes/machine/ffmpeg/isolation.test.ts': 50,
  'scripts/verbs/content.test.ts': 50,
  'test/journeys/thieves.test.ts': 50,
  'test/journeys/builder.test.ts': 50,
  'homes/machine/transcoder.test.ts': 45,
  'test/series/school-kills.test.ts': 40,
  'test/series/program-kills.test.ts': 35,
  'test/simulation/simulation.test.ts': 30,
  'test/faults/crowds.test.ts': 25,
  'homes/aws/events.test.ts': 25,
  'test/series/webhooks.test.ts': 25,
  'test/matrix/matrix.test.ts': 25,
  'test/faults/disk-full.test.ts': 20,
  'homes/machine/upgrade.test.ts': 20,
  'core/payments/outage.test.ts': 16,
  'homes/aws/transcoder.test.ts': 15,
  'homes/aws/sign-in.test.ts': 15,
  'core/content/crash.test.ts': 15,
  'core/payments/permutations.test.ts': 15,
  'core/content/format/round.test.ts': 14,
  'scripts/verbs/keys.test.ts': 14,
  'test/faults/locked.test.ts': 12,
  'test/faults/shut-disk.test.ts': 12,
  'amplify/test/synthesis.test.ts': 12,
  'core/content/function-of-head.test.ts': 12,
  'core/content/format/hostile.test.ts': 11,
  'test/faults/damage.test.ts': 10,
  'homes/machine/hooks.test.ts': 10,
  'test/series/merge-kills.test.ts': 10,
  'homes/aws/objects.test.ts': 9,
  'test/faults/clock-sign-in.test.ts': 8,
  'homes/move/move.test.ts': 8,
  'test/architecture.test.ts': 8,
  'core/memberships/judge.test.ts': 8,
}

/** A process is begun for each run of files; those of a second or two share a run. */
const AT_ONCE = 6
/** Of these all in a run share one process, which reads the school's code once: half the time of most is that reading. */
const TOGETHER = 14
const SHARING = ['api/', 'contract/', 'core/', 'sandbox/', 'vendors/', 'web/']
const USUAL_JOURNEY_SECONDS = 35

/** Whether a file's tests leave a process as they found it. @param {string} file */
export const sharesProcess = (file) => SHARING.some((folder) => file.replaceAll('\\', '/').startsWith(folder))

/** @param {readonly string[]} files @param {number} size */
const inRuns = (files, size) => Array.from({ length: Math.ceil(files.length / size) }, (_, at) => files.slice(at * size, (at + 1) * size))

/**
 * Files in the order in which they are best begun, in runs: the longest first, each by itself, then the short ones, some in a run.
 * @param {readonly string[]} files
 * @param {(file: string) => boolean} isJourney
 * @returns {string[][]}
 */
export const planned = (files, isJourney) => {
  const lengthOf = (/** @type {string} */ file) => LENGTHS[file.replaceAll('\\', '/')] ?? (isJourney(file) ? USUAL_JOURNEY_SECONDS : 0)
  const long = files.filter((file) => lengthOf(file) > 0).toSorted((a, b) => lengthOf(b) - lengthOf(a))
  const short = files.filter((file) => lengthOf(file) === 0)
  const alone = short.filter((file) => !sharesProcess(file))
  return [...long.map((file) => [file]), ...inRuns(alone, AT_ONCE), ...inRuns(short.filter(sharesProcess), TOGETHER)]
}
