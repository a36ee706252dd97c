import { useEventListener } from '@vueuse/core'
import { computed, type Ref, shallowRef } from 'vue'
import type { Renditions } from './renditions.ts'

const nameOf = ({ width, height }: { width: number; height: number }): string => `${Math.min(width, height)}p`

/** The qualities a stream has, which of them was chosen, and which one is on the screen. */
export const useQualities = (element: Readonly<Ref<HTMLVideoElement | null>>, renditions: Renditions) => {
  const list = shallowRef<{ index: number; name: string; height: number }[]>([])
  const chosen = shallowRef(-1)
  const playing = shallowRef('')
  const look = (): void => {
    const names = renditions.map(nameOf)
    const titled = renditions.map((each, index) => {
      const name = nameOf(each)
      const isTwice = names.filter((other) => other === name).length > 1
      return { index, name: isTwice ? `${name} · ${(each.bitrate / 1e6).toFixed(1)} Mbit/s` : name, height: each.height }
    })
    list.value = titled.toSorted((a, b) => b.height - a.height || b.index - a.index)
    chosen.value = renditions.selectedIndex
  }
  renditions.addEventListener('addrendition', look)
  renditions.addEventListener('change', look)
  useEventListener(element, ['resize', 'loadedmetadata'], () => {
    const { videoWidth = 0, videoHeight = 0 } = element.value ?? {}
    playing.value = videoHeight > 0 ? nameOf({ width: videoWidth, height: videoHeight }) : ''
  })
  const choose = (index: number): void => {
    renditions.selectedIndex = index
  }
  return { list, chosen, playing: computed(() => playing.value), choose }
}
