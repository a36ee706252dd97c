import { computed, shallowRef } from 'vue'
import type { Cue } from '#contract/cues.ts'
import { added, type CueFault, type CueList, changed, faultOf, keyed, merged, split, without } from './cue-list.ts'
import { history } from './history.ts'

/** Captions on the desk, which of them is open, and every step that can be taken with them and taken back. */
export const cueSteps = () => {
  const { present: cues, change, pause, canUndo, canRedo, reset, ...ways } = history<CueList>([])
  const saved = shallowRef<CueList>(cues.value)
  const selected = shallowRef<number>()
  const faults = computed(() => {
    const found = new Map<number, CueFault>()
    for (const cue of cues.value) {
      const fault = faultOf(cue)
      if (fault) found.set(cue.key, fault)
    }
    return found
  })

  const at = (key: number, step: number): number | undefined => cues.value[cues.value.findIndex((cue) => cue.key === key) + step]?.key
  /** A step that leaves another caption chosen; a run of typing ends with it. */
  const step = ({ list, key }: { list: CueList; key: number | undefined }): void => {
    pause()
    change(list)
    pause()
    selected.value = key
  }

  /** There and back again leads to the caption that is another one now. */
  const go = (way: () => void): void => {
    const before = new Set(cues.value)
    way()
    selected.value = cues.value.find((cue) => !before.has(cue))?.key
  }

  return {
    ...{ cues, selected, faults, pause, canUndo, canRedo },
    undo: () => go(ways.undo),
    redo: () => go(ways.redo),
    isChanged: computed(() => cues.value !== saved.value),
    load: (stored: readonly Cue[]) => {
      reset(keyed(stored))
      saved.value = cues.value
      selected.value = undefined
    },
    tellSaved: (list: CueList) => {
      saved.value = list
    },
    type: (key: number, text: string) => change(changed(cues.value, key, { text }), `text ${key}`),
    time: (key: number, times: Partial<Cue>) => step({ list: changed(cues.value, key, times), key }),
    split: (key: number, how: { caret: number; nowSeconds?: number | undefined }) => step(split(cues.value, key, how)),
    merge: (key: number) => step({ list: merged(cues.value, key), key }),
    add: (startSeconds: number) => step(added(cues.value, startSeconds)),
    remove: (key: number) => step({ list: without(cues.value, key), key: at(key, 1) ?? at(key, -1) }),
    select: (key: number | undefined) => {
      pause()
      selected.value = key
    },
    next: (key: number) => at(key, 1),
  }
}
export type CueSteps = ReturnType<typeof cueSteps>
