import { useSortable } from '@vueuse/integrations/useSortable'
import type { Ref } from 'vue'

type Drop = { id: string; list: string; index: number }

/**
 * Lets the children with a `data-id` be dragged by their `data-grip`, within the list and to others of the group. Lists
 * carry their own id as `data-list`.
 */
export const useDrag = (list: Readonly<Ref<HTMLElement | null>>, { group, onDrop }: { group: string; onDrop(drop: Drop): void }): void => {
  useSortable(list, [], {
    group,
    handle: `[data-grip="${group}"]`,
    draggable: `[data-kind="${group}"]`,
    animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 160,
    ghostClass: 'opacity-40',
    onUpdate: () => undefined,
    onEnd: ({ item, from, to, oldIndex = 0, newDraggableIndex }) => {
      // The DOM is Vue's: back to where it was, and let the new order draw it.
      item.remove()
      from.insertBefore(item, from.children[oldIndex] ?? null)
      const { id } = item.dataset
      const { list: into } = to.dataset
      if (id !== undefined && into !== undefined && newDraggableIndex !== undefined) onDrop({ id, list: into, index: newDraggableIndex })
    },
  })
}
