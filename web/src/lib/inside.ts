import { type AsyncComponentLoader, type Component, defineAsyncComponent } from 'vue'

let coming: Promise<void> | undefined

/** Every text, icon and address: what a page needs that visitors never see. Asked for once; a failure is not kept. */
export const inside = (): Promise<void> => {
  coming ??= import('../inside/everything.ts')
    .then(({ takeEverything }) => takeEverything())
    .catch((error: unknown) => {
      coming = undefined
      throw error
    })
  return coming
}

/** A component on visitors' pages that only people who have signed in, or who have begun something, get to see. */
export const insideComponent = <T extends Component>(load: () => Promise<{ default: T }>): T => {
  const loader: AsyncComponentLoader<T> = async () => {
    const [component] = await Promise.all([load(), inside()])
    return component
  }
  return defineAsyncComponent(loader)
}

/** A component on visitors' pages that looks like those inside, though it says nothing that visitors' pages do not. */
export const styledComponent = <T extends Component>(load: () => Promise<{ default: T }>): T => {
  const loader: AsyncComponentLoader<T> = async () => {
    const [component] = await Promise.all([load(), import('../inside/styles.ts')])
    return component
  }
  return defineAsyncComponent(loader)
}
