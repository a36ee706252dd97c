import { useEventListener } from '@vueuse/core'

type Steered = { contains: (node: Node) => boolean; keyboardShortcutHandler: (event: KeyboardEvent) => void }

const KEYS = new Set([' ', 'k', 'j', 'l', 'ArrowLeft', 'ArrowRight', 'f', 'c', 'm', '<', '>'])
const OWN_KEYS = 'input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]'
const PRESSED_BY_SPACE = 'a, button, summary, [role=button]'

/** Whether a key pressed somewhere on the page is meant for the player, since it means nothing where the focus is. */
export const isForPlayer = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  KEYS.has(key) &&
  !ctrlKey &&
  !metaKey &&
  !altKey &&
  target instanceof Element &&
  !target.closest(OWN_KEYS) &&
  !(key === ' ' && target.closest(PRESSED_BY_SPACE))

/** The player's keys work wherever the focus is on the page. Inside the player it sees to them itself. */
export const usePlayerKeys = (player: () => Steered | null): void => {
  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    const steered = player()
    if (!steered || event.defaultPrevented || !isForPlayer(event) || (event.target instanceof Node && steered.contains(event.target))) return
    // A space would otherwise scroll the picture out of sight.
    event.preventDefault()
    if (!event.repeat || event.key.startsWith('Arrow')) steered.keyboardShortcutHandler(event)
  })
}
