import { useDebounceFn } from '@vueuse/core'
import { computed, ref, shallowRef, watch } from 'vue'
import { AssignmentRules, USUAL_ASSIGNMENT, unsoundRules } from '#contract/assignments.ts'
import type { LessonDraft } from '#contract/courses.ts'
import { client } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import type { SaveState } from '../courses/changes.ts'
import { courseKey } from '../courses/useCourse.ts'
import { useSaveOnLeave } from '../courses/useSaveOnLeave.ts'

const PAUSE_MS = 1200

/** What an assignment wants, as its teacher changes it: saved a moment after each change, once it is whole. */
export const useAssignmentDesk = (lesson: () => LessonDraft) => {
  const rules = ref<AssignmentRules>(structuredClone(lesson().assignment ?? USUAL_ASSIGNMENT))
  const saved = shallowRef(JSON.stringify(rules.value))
  const saveState = shallowRef<SaveState>('saved')
  const whole = computed(() => {
    const read = AssignmentRules.safeParse(rules.value)
    return read.success && unsoundRules(read.data) === undefined ? read.data : undefined
  })
  const problem = computed(() => {
    const read = AssignmentRules.safeParse(rules.value)
    if (!read.success) return 'lacks'
    return unsoundRules(read.data) === undefined ? undefined : 'unsound'
  })
  const save = async (): Promise<void> => {
    const wanted = whole.value
    const text = JSON.stringify(rules.value)
    if (!wanted || text === saved.value) return
    saveState.value = 'saving'
    try {
      const { id, course } = lesson()
      const assignment = await client.assignments.write({ lesson: id, rules: wanted })
      saved.value = text
      saveState.value = 'saved'
      queryClient.setQueryData<LessonDraft>(['courses', 'lesson', id], (before) => before && { ...before, assignment })
      void queryClient.invalidateQueries({ queryKey: courseKey(course) })
    } catch {
      saveState.value = 'failed'
    }
  }
  const saveSoon = useDebounceFn(save, PAUSE_MS)
  watch(rules, () => void saveSoon(), { deep: true })
  useSaveOnLeave(() => void save())
  const undo = (): void => {
    rules.value = JSON.parse(saved.value)
    saveState.value = 'saved'
  }
  return { rules, problem, saveState, save, undo }
}
