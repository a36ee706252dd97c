import { inject, nextTick, type Ref, type ShallowRef, watch } from 'vue'
import { PICTURES, type PictureOpener } from './pictures-of.ts'

const show = async (root: HTMLElement, open: PictureOpener): Promise<void> => {
  const waiting = [...root.querySelectorAll<HTMLImageElement>('img[data-picture]:not([src])')]
  const ids = [...new Set(waiting.flatMap(({ dataset }) => dataset['picture'] ?? []))]
  if (ids.length === 0) return
  // What is not answered stays with its words, as a picture does that has gone.
  const addresses = await open(ids).catch(() => new Map<string, string>())
  for (const picture of waiting) {
    const address = addresses.get(picture.dataset['picture'] ?? '')
    if (address === undefined) picture.dataset['missing'] = ''
    else picture.src = address
  }
}

/** Shows the pictures of a text that lie behind the lock, once each time it is drawn. */
export const usePictures = (root: Readonly<ShallowRef<HTMLElement | null>>, html: Readonly<Ref<string>>): void => {
  const open = inject(PICTURES, undefined)
  if (!open) return
  watch(
    [root, html],
    async () => {
      await nextTick()
      if (root.value) await show(root.value, open)
    },
    { immediate: true, flush: 'post' },
  )
}
