/** One quality, in the shape media-chrome's quality menu reads from a media element. */
export type Rendition = { id: string; width: number; height: number; bitrate: number }

export type Renditions = Rendition[] &
  Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & {
    selectedIndex: number
    /** Names the qualities there are now; which one plays is the player's choice again. */
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
      selected = -1
      events.dispatchEvent(new Event('addrendition'))
      events.dispatchEvent(new Event('change'))
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

type Level = { width: number; height: number; bitrate: number; codecSet: string }

/**
 * The qualities of one family of codecs, with the place of each among a stream's levels: the player stays within a
 * family, and a size that stands there once for each codec would only puzzle.
 */
export const renditionsOf = (levels: readonly Level[], codecSet: string | undefined): Rendition[] =>
  levels.flatMap((level, index) => {
    const { width, height, bitrate } = level
    return codecSet === undefined || level.codecSet === codecSet ? [{ id: String(index), width, height, bitrate }] : []
  })
