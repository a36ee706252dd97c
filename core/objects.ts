import type { ObjectEntry, Objects } from '#ports/objects.ts'

/** Every object below a prefix, by key, a page at a time: a video has thousands. What is listed may be removed meanwhile. */
export const objectsBelow = async function* ({ objects }: { objects: Pick<Objects, 'list'> }, prefix: string): AsyncGenerator<ObjectEntry> {
  for (let page = await objects.list(prefix); ; page = await objects.list(prefix, page.next)) {
    yield* page.items
    if (page.next === undefined) return
  }
}
