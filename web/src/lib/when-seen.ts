import { type Component, defineAsyncComponent, hydrateOnVisible } from 'vue'

/** Of a published page, what stands further down and only leads elsewhere is taken up when it comes near: until then its links are links. */
export const whenSeen = <T extends Component>(component: T): T =>
  defineAsyncComponent<T>({ loader: async () => component, hydrate: hydrateOnVisible({ rootMargin: '400px' }) })
