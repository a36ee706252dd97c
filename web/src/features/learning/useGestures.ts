import { useEventListener } from '@vueuse/core'
import type { Ref } from 'vue'

const HOLD_MS = 500
const TWICE_MS = 300
/** A finger that wanders is scrolling. */
const WANDER_PX = 12

type Surface = { root: Readonly<Ref<HTMLElement | null>>; element: Readonly<Ref<HTMLVideoElement | null>> }

type Touched = {
  toggle(): void
  fullScreen(): void
  back(): void
  forward(): void
  hold(): void
  release(): boolean
  /** A pointer went down on the picture. */
  touched(): void
}

/** What clicks and touches on the picture do. A tap that shows or hides the controls is media-chrome’s. */
export const useGestures = ({ root, element }: Surface, { toggle, fullScreen, back, forward, hold, release, touched }: Touched): void => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let from: { x: number; y: number } | undefined
  let lastTap = { at: Number.NEGATIVE_INFINITY, side: 0 }

  const drop = (): boolean => {
    clearTimeout(timer)
    from = undefined
    return release()
  }
  const tap = ({ timeStamp, clientX, currentTarget }: PointerEvent): void => {
    if (!(currentTarget instanceof Element)) return
    const { left, width } = currentTarget.getBoundingClientRect()
    const third = (clientX - left) / width
    const side = third < 1 / 3 ? -1 : third > 2 / 3 ? 1 : 0
    const isSecond = timeStamp - lastTap.at < TWICE_MS && side === lastTap.side
    lastTap = { at: timeStamp, side }
    if (!isSecond) return
    if (side === -1) back()
    else if (side === 1) forward()
  }

  useEventListener(element, 'pointerdown', (event: PointerEvent) => {
    if (event.button !== 0) return
    touched()
    from = { x: event.clientX, y: event.clientY }
    clearTimeout(timer)
    timer = setTimeout(hold, HOLD_MS)
  })
  useEventListener(element, 'pointermove', ({ clientX, clientY }: PointerEvent) => {
    if (from && Math.hypot(clientX - from.x, clientY - from.y) > WANDER_PX) drop()
  })
  useEventListener(element, 'pointerup', (event: PointerEvent) => {
    const isHere = from !== undefined
    if (drop() || !isHere || event.button !== 0) return
    if (event.pointerType === 'touch') tap(event)
    else toggle()
  })
  useEventListener(element, ['pointercancel', 'pointerleave'], drop)
  useEventListener(element, 'dblclick', () => {
    if (matchMedia('(pointer: fine)').matches) fullScreen()
  })
  // A finger that lifts makes some browsers tell of a mouse that has left; media-chrome would hide what the touch has shown.
  let isTouch = false
  useEventListener(root, 'pointerdown', ({ pointerType }: PointerEvent) => (isTouch = pointerType === 'touch'), { capture: true })
  useEventListener(root, 'mouseleave', (event: Event) => isTouch && event.stopPropagation(), { capture: true })
  // A long touch would open the browser’s own menu, which has nothing to offer here.
  useEventListener(element, 'contextmenu', (event: Event) => event.preventDefault())
}
