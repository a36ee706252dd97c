import { useEventListener, useLocalStorage } from '@vueuse/core'
import { type Command, commandOf } from './keys.ts'

const HOLD_MS = 500
const OWN_KEYS =
  'input, textarea, select, dialog, [contenteditable], [role=dialog], [role=menu], [role=listbox], [role=slider], [role=tablist], [role=radiogroup]'
const PRESSED_BY_SPACE = 'a, button, summary, [role=button]'
/** A slider of ours: the timeline has the player’s own keys, the volume its native ones. */
const SLIDER_KEYS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'])

type Keyboard = {
  root: () => HTMLElement | null
  isReady: () => boolean
  perform(command: Command): void
  hold(): void
  release(): boolean
}

/** Whether a key pressed somewhere means nothing where the focus is, so that a player may have it. */
const isFree = ({ key, target }: KeyboardEvent): boolean =>
  target instanceof Element &&
  !target.closest(OWN_KEYS) &&
  !(key === ' ' && target.closest(PRESSED_BY_SPACE)) &&
  !(target.closest('media-volume-range') && SLIDER_KEYS.has(key))

/** Whether a key pressed outside the player is meant for it. */
export const isForPlayer = (event: KeyboardEvent): boolean => isFree(event) && commandOf(event, false) !== undefined

/**
 * Single letters on a whole page can be in the way of those who speak to their computer (WCAG 2.2, 2.1.4): they can be
 * kept to the player.
 */
export const useWholePageKeys = () => useLocalStorage('lectern.keys', true)

/** The player's keys work wherever the focus is on the page, unless somebody wants them inside the player alone. */
export const usePlayerKeys = ({ root, isReady, perform, hold, release }: Keyboard): void => {
  const isWholePage = useWholePageKeys()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isSpaceDown = false

  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    if (!isReady() || event.defaultPrevented || !isFree(event)) return
    const isInside = event.target instanceof Node && root()?.contains(event.target) === true
    const command = isInside || isWholePage.value ? commandOf(event, isInside) : undefined
    // A held space bar repeats, and would scroll the picture out of sight.
    if (event.key === ' ' && isSpaceDown) event.preventDefault()
    if (!command) return
    // Escape is everybody's: what else it closes it may close.
    if (command.action !== 'close') event.preventDefault()
    if (event.key !== ' ') return perform(command)
    isSpaceDown = true
    clearTimeout(timer)
    timer = setTimeout(hold, HOLD_MS)
  })
  useEventListener(document, 'keyup', ({ key }: KeyboardEvent) => {
    if (key !== ' ' || !isSpaceDown) return
    isSpaceDown = false
    clearTimeout(timer)
    if (!release()) perform({ action: 'toggle' })
  })
  useEventListener(window, 'blur', () => {
    isSpaceDown = false
    clearTimeout(timer)
    release()
  })
}
