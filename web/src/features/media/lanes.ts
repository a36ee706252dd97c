export type Lanes = {
  /** Waits for a free lane; call what it answers to free the lane again. Rejects with the signal's reason when aborted. */
  take(signal: AbortSignal): Promise<() => void>
}

/** So many things at once and no more, first come first served. */
export const lanes = (width: number): Lanes => {
  let free = width
  const waiting: (() => void)[] = []

  const release = (): void => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  const once = (): (() => void) => {
    let isHeld = true
    return () => {
      if (isHeld) release()
      isHeld = false
    }
  }

  return {
    take(signal) {
      if (signal.aborted) return Promise.reject(signal.reason)
      if (free > 0) {
        free -= 1
        return Promise.resolve(once())
      }
      return new Promise((resolve, reject) => {
        const enter = (): void => {
          signal.removeEventListener('abort', leave)
          resolve(once())
        }
        const leave = (): void => {
          waiting.splice(waiting.indexOf(enter), 1)
          reject(signal.reason)
        }
        waiting.push(enter)
        signal.addEventListener('abort', leave, { once: true })
      })
    },
  }
}
