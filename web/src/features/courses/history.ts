import { type ComputedRef, computed, type ShallowRef, shallowRef } from 'vue'

export type StepName = 'course' | 'order' | 'section' | 'addSection' | 'removeSection' | 'addLesson' | 'lesson' | 'removeLesson' | 'duplicateLesson'

/** Something that was changed, and how it is taken back. */
export type Step = { name: StepName; undo(): Promise<unknown> }

export type History = {
  /** What would be taken back next. */
  last: ComputedRef<StepName | undefined>
  push(step: Step): void
  /** Takes the last change back; answers its name, or undefined where there was none or it could not be. */
  undo(): Promise<StepName | undefined>
}

const MOST_STEPS = 50

/** The changes of one course in the order they were made, as long as the app is open. What is taken back is no change of its own. */
export const history = (): History => {
  const steps: ShallowRef<readonly Step[]> = shallowRef([])
  const isUndoing = shallowRef(false)
  return {
    last: computed(() => steps.value.at(-1)?.name),
    push(step) {
      if (!isUndoing.value) steps.value = [...steps.value, step].slice(-MOST_STEPS)
    },
    async undo() {
      const step = steps.value.at(-1)
      if (!step || isUndoing.value) return undefined
      steps.value = steps.value.slice(0, -1)
      isUndoing.value = true
      try {
        return (await step.undo()) === undefined ? undefined : step.name
      } finally {
        isUndoing.value = false
      }
    },
  }
}
