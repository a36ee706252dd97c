/** One quality, in the shape media-chrome's quality menu reads from a media element. */
export type Rendition = { id: string; width: number; height: number; bitrate: number }

export type Renditions = Rendition[] &
  Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & {
    selectedIndex: number
    fill: (renditions: Rendition[]) => void
    onPick: (index: number) => void
  }

/**
 * A `videoRenditions` for a plain `<video>`, as the proposal media-chrome follows has it: a list with events, where
 * choosing means setting `selectedIndex` and -1 means automatic.
 */
export const emptyRenditions = (): Renditions => {
  const events = new EventTarget()
  const list: Rendition[] = []
  let selected = -1
  const more = {
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    onPick: (_index: number): void => undefined,
    fill: (renditions: Rendition[]): void => {
      list.splice(0, list.length, ...renditions)
      events.dispatchEvent(new Event('addrendition'))
    },
    get selectedIndex() {
      return selected
    },
    set selectedIndex(index: number) {
      selected = index
      renditions.onPick(index)
      events.dispatchEvent(new Event('change'))
    },
  }
  // `defineProperties` keeps the accessors, which `assign` would flatten; its type cannot say so.
  const renditions = Object.defineProperties(list, Object.getOwnPropertyDescriptors(more)) as Renditions
  return renditions
}
