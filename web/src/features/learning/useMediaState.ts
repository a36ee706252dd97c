import type { MediaController } from 'media-chrome'
import { onBeforeUnmount, onMounted, type Ref, shallowRef } from 'vue'

type Store = MediaController['mediaStore']
type MediaState = ReturnType<Store['getState']>

/** What media-chrome knows of the video, and a way to ask it for things: full screen and small windows differ in every browser. */
export const useMediaState = (controller: Readonly<Ref<MediaController | null>>) => {
  const state = shallowRef<MediaState>({})
  let unsubscribe = (): void => undefined
  onMounted(() => {
    const store = controller.value?.mediaStore
    if (!store) return
    state.value = store.getState()
    unsubscribe = store.subscribe((news) => {
      state.value = news
    })
  })
  onBeforeUnmount(() => unsubscribe())
  const ask = (type: string, detail?: unknown): void => controller.value?.mediaStore.dispatch({ type, detail })
  return { state, ask }
}
