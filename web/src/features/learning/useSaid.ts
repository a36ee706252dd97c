import { useTimeoutFn } from '@vueuse/core'
import { shallowRef } from 'vue'

const SHOWN_MS = 1_400

export type Said = { words: string; icon: string }

/** What the last key or touch has done, shown over the picture and told to those who listen, for a moment. */
export const useSaid = () => {
  const said = shallowRef<Said>()
  const { start } = useTimeoutFn(
    () => {
      said.value = undefined
    },
    SHOWN_MS,
    { immediate: false },
  )
  const say = (words: string, icon: string): void => {
    said.value = { words, icon }
    start()
  }
  return { said, say }
}
