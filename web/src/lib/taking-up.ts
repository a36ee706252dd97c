import { type Component, defineAsyncComponent, type HydrationStrategy } from 'vue'

/*
 * How the app takes up a published page: part by part, each in a moment of its own, so that whoever scrolls or presses in between is not kept
 * waiting by all of it at once.
 */
const turns: (() => void)[] = []
const nextTurn = (): void => {
  const work = turns.shift()
  if (turns.length > 0) setTimeout(nextTurn)
  work?.()
}
const inTurn = (work: () => void): void => {
  if (turns.push(work) === 1) setTimeout(nextTurn)
}

/** A moment of one's own, after those that have been asked for already. */
export const myTurn = (): Promise<void> => new Promise(inTurn)

/** Once every part is taken up that had its turn to come. */
export const takenUp = async (): Promise<void> => {
  // A part asks for its turn a moment after it has been met.
  do await myTurn()
  while (turns.length > 0)
}

const soon: HydrationStrategy = (hydrate) => inTurn(hydrate)

/** Vue's own looks where each element stands while it takes the page up, which lays the page out in the midst of that. */
const whenNear: HydrationStrategy = (hydrate, forEach) => {
  const watching = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      watching.disconnect()
      inTurn(hydrate)
    },
    { rootMargin: '400px' },
  )
  forEach((element) => {
    if (element instanceof Element) watching.observe(element)
  })
  return () => watching.disconnect()
}

const taken = <T extends Component>(component: T, hydrate: HydrationStrategy): T => defineAsyncComponent<T>({ loader: async () => component, hydrate })

/** A part of every page. */
export const apart = <T extends Component>(component: T): T => taken(component, soon)

/** What only leads elsewhere is taken up when it comes near: until then its links are links. */
export const whenSeen = <T extends Component>(component: T): T => taken(component, whenNear)
