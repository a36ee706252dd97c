import { computed, shallowRef } from 'vue'
import { droppedFiles } from '../media/file-handles.ts'

/** Files dragged from the desktop onto an element: `v-bind` what it answers to it. Of two that lie in one another the inner one takes them. */
export const useFileDrop = (onFiles: (files: File[]) => void) => {
  // Entering a child comes before leaving its parent.
  const depth = shallowRef(0)
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  const listeners = {
    onDragenter(event: DragEvent): void {
      if (!hasFiles(event)) return
      event.preventDefault()
      event.stopPropagation()
      depth.value += 1
    },
    onDragover(event: DragEvent): void {
      if (!hasFiles(event)) return
      event.preventDefault()
      event.stopPropagation()
    },
    onDragleave(event: DragEvent): void {
      if (!hasFiles(event)) return
      event.stopPropagation()
      depth.value = Math.max(0, depth.value - 1)
    },
    onDrop(event: DragEvent): void {
      if (!hasFiles(event)) return
      event.preventDefault()
      event.stopPropagation()
      depth.value = 0
      if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(onFiles)
    },
  }
  return { listeners, isOver: computed(() => depth.value > 0) }
}
