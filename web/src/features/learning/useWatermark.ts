import { useIntervalFn } from '@vueuse/core'
import { onBeforeUnmount, type Ref, watch } from 'vue'
import { placeOf } from './watermark.ts'

const TURN_MS = 60_000
/** How often it is looked for, should somebody have hidden it by a rule rather than by hand. */
const LOOK_MS = 5_000

const STYLE = [
  'position:absolute;z-index:1;pointer-events:none;user-select:none;white-space:nowrap;max-width:92%;overflow:hidden;text-overflow:ellipsis',
  'font:500 clamp(11px,1.5cqi,20px)/1.4 var(--font-sans,sans-serif);letter-spacing:.02em;color:rgb(255 255 255/.42)',
  'text-shadow:0 0 2px rgb(0 0 0/.55),0 1px 1px rgb(0 0 0/.4);transition:left 4s ease-in-out,top 4s ease-in-out',
].join(';')

/**
 * Whose viewing it is, over the picture: faint, wandering, and there again when it is taken away. It deters; whoever owns
 * the browser can always win against it.
 */
export const useWatermark = (host: Readonly<Ref<HTMLElement | null>>, text: () => string | undefined): void => {
  let mark: HTMLElement | undefined
  // Not the same place on every page.
  let turn = Math.floor(Math.random() * 1000)
  let style = ''

  const put = (): void => {
    observer.disconnect()
    mark?.remove()
    mark = undefined
    const [into, words] = [host.value, text()]
    if (!into || !words) return
    mark = document.createElement('div')
    mark.textContent = words
    mark.ariaHidden = 'true'
    mark.dataset['watermark'] = ''
    into.append(mark)
    move()
    watchOver(into, mark)
  }
  const move = (): void => {
    if (!mark) return
    const { leftPercent, topPercent } = placeOf(turn)
    style = `${STYLE};left:${leftPercent}%;top:${topPercent}%`
    mark.style.cssText = style
    style = mark.style.cssText
  }
  const watchOver = (into: HTMLElement, over: HTMLElement): void => {
    observer.observe(into, { childList: true })
    observer.observe(over, { attributes: true, childList: true, characterData: true, subtree: true })
  }
  const isIntact = (): boolean =>
    mark !== undefined &&
    mark.parentElement === host.value &&
    mark.textContent === text() &&
    mark.style.cssText === style &&
    !mark.hidden &&
    mark.className === ''
  const observer = new MutationObserver(() => {
    if (!isIntact()) put()
  })

  useIntervalFn(() => {
    turn += 1
    if (mark) move()
  }, TURN_MS)
  useIntervalFn(() => {
    if (mark && !mark.checkVisibility({ opacityProperty: true, visibilityProperty: true })) put()
  }, LOOK_MS)
  watch([host, text], put, { flush: 'post', immediate: true })
  onBeforeUnmount(() => observer.disconnect())
}
