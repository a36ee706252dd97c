import { useEventListener } from '@vueuse/core'

type Steered = { contains: (node: Node) => boolean; keyboardShortcutHandler: (event: KeyboardEvent) => void }

const KEYS = new Set([' ', 'k', 'j', 'l', 'ArrowLeft', 'ArrowRight', 'f', 'c', 'm', '<', '>'])
const OWN_KEYS = 'input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]'
const PRESSED_BY_SPACE = 'a, button, summary, [role=button]'

/** The player's keys work wherever the focus is on the page, unless they mean something there. Inside the player it sees to them itself. */
export const usePlayerKeys = (player: () => Steered | null): void => {
  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    const { key, target } = event
    const steered = player()
    if (!steered || !KEYS.has(key) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (!(target instanceof Element) || steered.contains(target) || target.closest(OWN_KEYS)) return
    if (key === ' ' && target.closest(PRESSED_BY_SPACE)) return
    // A space would otherwise scroll the picture out of sight.
    event.preventDefault()
    if (!event.repeat || key.startsWith('Arrow')) steered.keyboardShortcutHandler(event)
  })
}
