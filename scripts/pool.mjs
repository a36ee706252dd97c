/**
 * @typedef {{
 *   name: string,
 *   kind: keyof typeof NEEDS,
 *   after?: Promise<boolean>,
 *   work: () => Promise<boolean>,
 * }} Job `work` answers whether what waits for it can be done; `after`: that answer, where there is something to wait for
 */

/** Of two cores: a check or a test keeps one busy, a journey waits for pages half its time. */
const NEEDS = {
  check: { busy: 1, journeys: 0 },
  test: { busy: 1, journeys: 0 },
  journey: { busy: 0, journeys: 1 },
  /** It encodes films on one core, and has the other to share with a test: a second browser would make it late. */
  encoding: { busy: 1, journeys: 2 },
  /** It encodes long films with both: no test beside it makes it late. */
  heavy: { busy: 2, journeys: 1 },
}
/** More than two browsers make each other late. */
const ROOM = { jobs: 3, busy: 2, journeys: 2 }

/** @param {readonly Job[]} running @param {Job} job */
const fits = (running, job) => {
  const all = [...running, job].map(({ kind }) => NEEDS[kind])
  const sum = (/** @type {'busy' | 'journeys'} */ of) => all.reduce((total, each) => total + each[of], 0)
  return all.length <= ROOM.jobs && sum('busy') <= ROOM.busy && sum('journeys') <= ROOM.journeys
}

/**
 * Runs jobs side by side, in their order as far as they are ready and there is room.
 * @param {readonly Job[]} jobs
 * @param {(names: string[]) => void} [changed] told what runs, whenever that changes
 * @returns {Promise<string[]>} what was left out, since that it waits for went wrong
 */
export const runPool = async (jobs, changed = () => undefined) => {
  /** @type {Map<Job, Promise<unknown>>} */
  const running = new Map()
  /** @type {string[]} */
  const leftOut = []
  const waiting = new Set(jobs)
  const ready = new Set(jobs.filter(({ after }) => after === undefined))
  const answers = new Map(
    jobs.map((job) => [
      job,
      job.after?.then((isDone) => {
        if (isDone) return ready.add(job)
        leftOut.push(job.name)
        return waiting.delete(job)
      }),
    ]),
  )
  const tell = () => changed([...running.keys()].map(({ name }) => name))
  while (waiting.size > 0 || running.size > 0) {
    const next = [...waiting].find((job) => ready.has(job) && fits([...running.keys()], job))
    if (next === undefined) {
      const open = [...waiting].filter((job) => !ready.has(job)).map((job) => answers.get(job))
      await Promise.race([...running.values(), ...open])
      continue
    }
    waiting.delete(next)
    const ended = next.work().finally(() => {
      running.delete(next)
      tell()
    })
    running.set(next, ended)
    tell()
  }
  return leftOut
}
