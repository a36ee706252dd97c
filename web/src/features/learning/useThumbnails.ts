import { onMounted, type Ref, watch } from 'vue'
import { crossOriginOf } from '../../lib/media-host.ts'

/** The pictures of the timeline are asked for with cookies where they lie on a host of their own; media-chrome has no word for it. */
export const useThumbnails = (timeline: Readonly<Ref<HTMLElement | null>>, storyboardUrl: () => string | undefined): void => {
  const ask = (): void => {
    const thumbnail = timeline.value?.shadowRoot?.querySelector('media-preview-thumbnail')
    const picture = thumbnail?.shadowRoot?.querySelector('img')
    if (picture) picture.crossOrigin = crossOriginOf(storyboardUrl()) ?? 'anonymous'
  }
  onMounted(ask)
  watch(storyboardUrl, ask)
}
