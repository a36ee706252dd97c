import { type ComputedRef, computed, type ShallowRef, shallowRef } from 'vue'

export type StepName = 'course' | 'order' | 'section' | 'addSection' | 'removeSection' | 'addLesson' | 'lesson' | 'removeLesson' | 'duplicateLesson'

/** Something that was changed, and how it is taken back. */
export type Step = { name: StepName; undo(): Promise<unknown> }

export type History = {
  /** What would be taken back next. */
  last: ComputedRef<StepName | undefined>
  push(step: Step): void
  /** Forgets a change that was refused. */
  drop(step: Step): void
  /** Takes the last change back, after those that are being taken back already; answers its name, or undefined where there was none or it could not be. */
  undo(): Promise<StepName | undefined>
}

const MOST_STEPS = 50

/** The changes of one course in the order they were made, as long as the app is open. */
export const history = (): History => {
  const steps: ShallowRef<readonly Step[]> = shallowRef([])
  let before: Promise<unknown> = Promise.resolve()
  const drop = (step: Step): void => {
    steps.value = steps.value.filter((other) => other !== step)
  }
  return {
    last: computed(() => steps.value.at(-1)?.name),
    push(step) {
      steps.value = [...steps.value, step].slice(-MOST_STEPS)
    },
    drop,
    async undo() {
      const step = steps.value.at(-1)
      if (!step) return undefined
      drop(step)
      const undone = before.then(() => step.undo())
      before = undone.catch(() => undefined)
      return (await undone) === undefined ? undefined : step.name
    },
  }
}
