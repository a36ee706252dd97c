import { trustedScript } from './trusted.ts'

/** Lets the app be put on a screen and say something of its own without a line. A browser that cannot, or may not, goes on without. */
export const keepShell = (): void => {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const register = () => void navigator.serviceWorker.register(trustedScript('/sw.js')).catch(() => undefined)
  // After all that the page itself needs.
  if (document.readyState === 'complete') register()
  else window.addEventListener('load', register, { once: true })
}
