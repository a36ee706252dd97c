import { JOURNEYS, type Step } from './journeys.ts'
import { type Rehearsed, synthesised } from './plan.ts'
import { aFilm, type Scene } from './scene.ts'
import { openStage } from './stage.ts'

const say = (line = ''): void => void process.stdout.write(line === '' ? '\n' : `  ${line}\n`)
const took = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const since = performance.now()
  const done = await work()
  say(`✓ ${name}  ${took(since)}`)
  return done
}

/** Plays one step; what hinders it is told by name, and the steps after it are still tried. */
const played = async ([name, play]: Step, scene: Scene): Promise<boolean> => {
  const since = performance.now()
  try {
    say(`✓ ${name}: ${await play(scene)}  ${took(since)}`)
    return true
  } catch (error) {
    const all = [error instanceof Error ? error.message : String(error), ...scene.stage.troubles()]
    say(`✗ ${name}  ${took(since)}\n      ${all.join('\n').split('\n').join('\n      ')}`)
    return false
  }
}

const run = async (rehearsed: Rehearsed): Promise<{ passed: number; failed: number }> => {
  const counts = { passed: 0, failed: 0 }
  const film = await timed('A film of four seconds', aFilm)
  const stage = await timed('Tables, buckets, queues, rules, functions and the distribution of the templates', () => openStage(rehearsed))
  try {
    const scene: Scene = { stage, film }
    for (const { name, steps } of JOURNEYS) {
      say()
      say(name)
      for (const step of steps) counts[(await played(step, scene)) ? 'passed' : 'failed'] += 1
    }
  } finally {
    await stage.close()
  }
  return counts
}

if (import.meta.main) {
  const since = performance.now()
  const rehearsed = await timed('Templates of staging, for school.example', synthesised)
  try {
    const { passed, failed } = await run(rehearsed)
    say()
    say(`  ${took(since)} in all`)
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
    process.exitCode = failed > 0 ? 1 : 0
  } finally {
    await rehearsed.close()
  }
}
