import { nextTick } from 'node:process'
import { type Plan, plan } from './heap.ts'
import type { Random } from './random.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

/** A program that runs the school's code. When it is killed, whatever it was doing is never gone on with. */
export type Machine = { name: string; life: number; isUp: boolean; whenKilled: Set<() => void> }

/** Work of a machine in one of its lives. */
export type Runner = { machine: Machine; life: number }

type Step = { what: string; runner: Runner; run(): void }

/** How unruly a history is: chances a step. */
export type Unrest = { kill: number; stall: number }

export type Scheduler = {
  /** Milliseconds of the world's own time. */
  now(): number
  at(moment: number, what: string, happen: () => void): void
  /** The same for what comes round by itself: it keeps no history going. */
  round(moment: number, happen: () => void): void
  pause(milliseconds: number): Promise<void>
  /** One step of a machine, all of it or nothing: whatever else is ready may be taken first, and the machine may be killed before and after. */
  step<T>(runner: Runner, what: string, work: () => T): Promise<T>
  /** Runs until nothing is ready and nothing but rounds is planned before `end`. */
  run(end: number): Promise<void>
  /** When the next planned thing happens, rounds left out. */
  nextAt(): number | undefined
  say(line: string): void
  /** How much was said, and all of it as lines to read. */
  steps(): number
  lines(): string[]
  machines: readonly Machine[]
  calm(): void
}

/** Once all that was answered has been gone on with as far as it goes: Node runs it after the last of the promises' jobs. */
const settled = (): Promise<void> => new Promise((resolve) => nextTick(resolve))

type Options = { random: Random; begin: number; machines: readonly string[]; unrest: Unrest }

/** Time, and what is planned in it. Rounds keep no history going, and are taken when their moment comes. */
const calendar = (begin: number) => {
  const [planned, rounds] = [plan(), plan()]
  let [now, order] = [begin, 0]
  const add =
    (to: Plan) =>
    (moment: number, what: string, happen: () => void): void => {
      order += 1
      to.add({ at: Math.max(moment, now), order, what, happen })
    }
  const soonest = (): Plan => {
    const [thing, round] = [planned.first(), rounds.first()]
    return round && (!thing || round.at < thing.at) ? rounds : planned
  }
  return {
    now: () => now,
    pass: (milliseconds: number): void => {
      now += milliseconds
    },
    at: add(planned),
    round: add(rounds),
    first: () => planned.first(),
    soonest: () => soonest().first(),
    take: () => {
      const next = soonest().take()
      now = Math.max(now, next?.at ?? now)
      return next
    },
  }
}

type Killing = { random: Random; at: Scheduler['at']; now(): number; say(line: string): void }

/** Whatever it was doing is never gone on with; it starts again after seconds or minutes. */
const kill = (machine: Machine, { random, at, now, say }: Killing): void => {
  say(`${machine.name} KILLED`)
  machine.life += 1
  machine.isUp = false
  const waiting = [...machine.whenKilled]
  machine.whenKilled.clear()
  for (const told of waiting) told()
  at(now() + random.between(1, 120) * SECOND_MS, `${machine.name} starts`, () => {
    machine.isUp = true
  })
}

/** What is ready to be done, taken in an order that chance decides. */
const queue = (random: Random) => {
  const ready: Step[] = []
  return {
    isEmpty: () => ready.length === 0,
    add: (step: Step): void => void ready.push(step),
    take: (): Step | undefined => {
      const place = random.below(ready.length)
      const step = ready[place]
      const last = ready.pop()
      if (last && place < ready.length) ready[place] = last
      return step
    },
  }
}

/** One thread of time for everything: which of what is ready comes next, when time passes and who is killed is drawn from the seed. */
export const scheduler = ({ random, begin, machines: names, unrest: given }: Options): Scheduler => {
  const unrest = { ...given }
  const history: { at: number; says: string }[] = []
  const ready = queue(random)
  const time = calendar(begin)
  const { now, at } = time
  const machines = names.map((name): Machine => ({ name, life: 1, isUp: true, whenKilled: new Set() }))
  const say = (line: string): void => void history.push({ at: now(), says: line })
  const takeStep = (): void => {
    const step = ready.take()
    if (!step || step.runner.machine.life !== step.runner.life) return
    time.pass(random.below(20))
    say(`${step.runner.machine.name} ${step.what}`)
    step.run()
  }
  const takePlanned = (): void => {
    const next = time.take()
    if (next && next.what !== '') say(next.what)
    next?.happen()
  }
  /** What stands still does so for minutes, not for days. */
  const stands = (end: number): boolean => {
    const next = time.soonest()
    return next !== undefined && next.at <= end && next.at - now() < 5 * MINUTE_MS && random.chance(unrest.stall)
  }
  const strike = (): void => {
    const machine = random.pick(machines)
    if (machine.isUp) kill(machine, { random, at, now, say })
  }
  return {
    ...{ now, at, say, machines },
    steps: () => history.length,
    // Written out only when somebody reads them: few histories are.
    lines: () => history.map(({ at: moment, says }) => `+${((moment - begin) / SECOND_MS).toFixed(3)}s ${says}`),
    round: (moment, happen) => time.round(moment, '', happen),
    pause: (milliseconds) => new Promise((resolve) => at(now() + milliseconds, '', resolve)),
    step: (runner, what, work) =>
      new Promise((resolve, reject) => {
        const run = (): void => {
          try {
            resolve(work())
          } catch (error) {
            reject(error)
          }
        }
        ready.add({ what, runner, run })
      }),
    nextAt: () => time.first()?.at,
    async run(end) {
      for (;;) {
        const isIdle = ready.isEmpty()
        const next = time.first()
        if (isIdle && (next === undefined || next.at > end)) break
        if (isIdle || stands(end)) takePlanned()
        else takeStep()
        await settled()
        if (unrest.kill > 0 && random.chance(unrest.kill)) strike()
      }
      if (Number.isFinite(end)) time.pass(Math.max(0, end - now()))
    },
    calm: () => {
      unrest.kill = 0
    },
  }
}
